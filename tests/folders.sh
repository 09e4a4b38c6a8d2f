#!/bin/bash
# folders.sh: prints which folder of each project uses which others, and in how many files. By the usings, which the
# build keeps exact. What is allowed: ARCHITECTURE.md, held by DependencyTests.
set -euo pipefail
cd "$(dirname "$0")/.."

# As ARCHITECTURE.md lists them: a line of a project's folders begins with its path.
projects=$(sed -n '/^folders, each sees/,/^```/s,^\(src\|chaos\)\(/[^ ]*\) .*,\1\2,p' ARCHITECTURE.md)

for project in $projects; do
    echo "$project"
    find "$project" -name '*.cs' -not -path '*/obj/*' -print0 |
        xargs -0 awk -v prefix="${project##*/}." -v projects="$(printf '%s ' $projects)" '
        BEGIN { count_of = split(projects, paths, " ") }
        # Empty: another project of which this one is only the beginning of the name.
        function room(name,    i, other) {
            sub(/;.*/, "", name)
            if (index(name, prefix) != 1) return ""
            for (i = 1; i <= count_of; i++) {
                other = paths[i]
                sub(/.*\//, "", other)
                if (index(other, prefix) == 1 && index(name ".", other ".") == 1) return ""
            }
            return substr(name, length(prefix) + 1)
        }
        function first(name) { sub(/\..*/, "", name); return name }
        FNR == 1 { split("", used) }
        $1 == "using" { other = first(room($2 == "static" ? $3 : $2)); if (other != "") used[other] = 1 }
        $1 == "namespace" {
            from = first(room($2))
            if (from != "") for (other in used) if (other != from) count[from " -> " other]++
        }
        END { for (arrow in count) print "  " arrow " (" count[arrow] ")" }' | sort
done
