#!/bin/bash
# folders.sh: prints which folder of each project uses which others, and in how many files. By the usings, which the
# build keeps exact. What is allowed: ARCHITECTURE.md, held by DependencyTests.
set -euo pipefail
cd "$(dirname "$0")/.."

for project in src/JobSystem src/JobSystem.RabbitMq src/JobSystem.Sqlite src/JobSystem.Terminal src/JobSystem.Cli chaos/JobSystem.Chaos; do
    echo "$project"
    find "$project" -name '*.cs' -not -path '*/obj/*' -print0 | xargs -0 awk -v prefix="${project##*/}." '
        function room(name) {
            sub(/;.*/, "", name)
            return index(name, prefix) == 1 ? substr(name, length(prefix) + 1) : ""
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
