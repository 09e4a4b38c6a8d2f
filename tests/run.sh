#!/bin/bash
# run.sh [--only hermetic|broker|chaos] [FILTER]: builds everything and runs every test, then a short
# selection of chaos experiments: a change that loses a job does not pass.
#
#   --only hermetic   the projects that need no broker: seconds
#   --only broker     the projects that say <NeedsBroker>true</NeedsBroker>
#   --only chaos      the selection of experiments
#   FILTER            a part of a test's full name, or an expression of `dotnet test --filter`: no chaos then
#
# Installs what is missing (says what, asks nothing) and brings up the brokers: plain, and 4.0 and 4.3 where
# an engine can run containers. JOBSYSTEM_TEST_BROKERS tells the tests which kinds they must cover. At the
# end, however it comes, every broker and engine this run started is ended.
# The last line is `N passed, N failed`, summed over all projects; an experiment counts as one. Before it stands
# what failed, by name, with the first line of what it said. A test that was skipped or never reported counts as
# failed. Exit 0 only if at least one test ran and none failed.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
. docker/machine.sh

passed=0 failed=0 failures=() temp= started=() engine_was_ours=no
declare -A children=()
results=$root/artifacts/test-results

finish() {
    local kind child
    trap - EXIT
    trap '' INT TERM
    for child in "${!children[@]}"; do kill -TERM "$child" 2> /dev/null || true; done
    for child in "${!children[@]}"; do wait "$child" || true; done
    for kind in "${started[@]}"; do tests/brokers/broker "$kind" down || true; done
    end_engine
    [ -z "$temp" ] || rm -rf "$temp"
    [ $((passed + failed)) -gt 0 ] || failed=1
    [ ${#failures[@]} = 0 ] || printf 'failed: %s\n' "${failures[@]}"
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ] || exit 1
    exit 0
}

# WHAT: counts one failure and keeps its words for the end.
fail() { failed=$((failed + 1)); failures+=("$*"); }

give_up() { say "$*"; fail "$*"; exit 1; }

# In the background and waited for, so that a signal is answered at once and ends the children first.
begin() { "$@" & begun=$!; children[$begun]=; }

end() {
    local result=0
    wait "$1" || result=$?
    unset "children[$1]"
    return $result
}

attend() { begin "$@"; end "$begun"; }

# ---- brokers

engine_pid=${TMPDIR:-/tmp}/jobsystem-engine/pid

start_engine() {
    local before
    before=$(cat "$engine_pid" 2> /dev/null || true)
    docker/engine.sh up || return 1
    [ "$before" = "$(cat "$engine_pid" 2> /dev/null || true)" ] || engine_was_ours=yes
}

end_engine() {
    [ $engine_was_ours = yes ] || return 0
    if [ -n "$(docker ps --quiet)" ]; then
        say "leaving the Docker engine up: somebody runs containers on it (end it: docker/engine.sh down)"
    else
        docker/engine.sh down || true
    fi
}

# Side by side: on a new machine most of this is waiting for downloads.
bring_up() {
    local kind log=$results/brokers
    local -A was job
    mkdir -p "$log"
    for kind; do
        was[$kind]=$(tests/brokers/broker "$kind" status)
        [ "${was[$kind]}" != down ] || started+=("$kind")
        tests/brokers/broker "$kind" up > /dev/null 2> "$log/$kind.err" &
        job[$kind]=$!
    done
    for kind; do
        if wait "${job[$kind]}"; then
            covered+=("$kind")
        else
            missing+=("$kind ($(tail -n 1 "$log/$kind.err"))")
        fi
        cat "$log/$kind.err" >&2
    done
}

covered=() missing=()
brokers() {
    apt_install python3-pika || say "without python3-pika the tests of clients in other languages will fail"
    if start_engine; then
        bring_up plain 4.0 4.3
    else
        bring_up plain
        missing+=("4.0, 4.3: no Docker engine can run here")
    fi
    [ ${#covered[@]} -gt 0 ] || give_up "no broker can run here: install rabbitmq-server or Docker"
    JOBSYSTEM_TEST_BROKERS=$(IFS=,; echo "${covered[*]}")
    export JOBSYSTEM_TEST_BROKERS
    echo "brokers covered: $JOBSYSTEM_TEST_BROKERS${missing:+; not covered: $(IFS=';'; echo "${missing[*]}")}"
}

# ---- tests

needs_broker() { grep -q '<NeedsBroker>true</NeedsBroker>' "$1"; }

# Each step takes minutes on a calm machine: only a hang takes so many seconds, however busy the machine is.
patience=1800

number() { sed -n "s/.*<Counters [^>]*\b$1=\"\([0-9]*\)\".*/\1/p" "$2" | head -n1; }

# TRX: the tests that did not pass, a line each with the first line of what it said.
not_passed() {
    awk '
        function tell() { if (name != "") print name (said != "" ? ": " said : ""); name = said = "" }
        /<UnitTestResult / {
            tell()
            if ($0 !~ /outcome="Passed"/) { name = $0; sub(/.* testName="/, "", name); sub(/".*/, "", name) }
        }
        name != "" && said == "" && sub(/.*<Message>/, "") { said = $0; sub(/<\/Message>.*/, "", said) }
        END { tell() }' "$1" | sed "s/&lt;/</g; s/&gt;/>/g; s/&quot;/\"/g; s/&#x[AD];/ /g; s/&amp;/\&/g"
}

# PROJECT NAME: begins its tests, whose results go to the folder NAME.
begin_project() {
    local environment=()
    rm -rf "${results:?}/$2"
    echo "== $2"
    # What brings up brokers must find those of this run: their state is in the common temporary folder.
    ! needs_broker "$1" || environment=(--environment "TMPDIR=${TMPDIR:-/tmp}")
    # A test that hangs is named and ends its project; the project's whole time is bounded too.
    begin env TMPDIR="$temp" timeout --kill-after 10 $patience dotnet test "$1" --configuration Release --no-build \
        --nologo --results-directory "$results/$2" --logger 'trx;LogFileName=results.trx' \
        ${filter:+--filter "$filter"} --blame-hang --blame-hang-timeout 4m --blame-hang-dump-type none \
        "${environment[@]}" < /dev/null
}

# CHILD NAME: waits for it and counts its results.
end_project() {
    local trx=$results/$2/results.trx total=0 ok=0 result=0
    end "$1" || result=$?
    if [ -s "$trx" ]; then
        total=$(number total "$trx") ok=$(number passed "$trx")
        : "${total:=0}" "${ok:=0}"
    fi
    passed=$((passed + ok)) failed=$((failed + total - ok))
    [ "$total" = "$ok" ] || mapfile -t -O ${#failures[@]} failures < <(not_passed "$trx" | sed "s/^/$2: /")
    if [ $result != 0 ] && [ "$total" = "$ok" ]; then
        say "$2: dotnet test ended with $result though no test failed"
        fail "$2: dotnet test ended with $result though no test failed"
    fi
}

# Tests that share a broker run one after the other; each kind of broker has a process of its own. Most of what
# they do is wait for a broker, so the other projects run meanwhile, one after the other.
run_projects() {
    local project name kind child
    local -A beside=()
    for project in "${projects[@]}"; do
        needs_broker "$project" || continue
        for kind in "${covered[@]}"; do
            name=$(basename "$project" .csproj)-$kind
            JOBSYSTEM_TEST_BROKERS=$kind begin_project "$project" "$name"
            beside[$begun]=$name
        done
    done
    for project in "${projects[@]}"; do
        ! needs_broker "$project" || continue
        name=$(basename "$project" .csproj)
        begin_project "$project" "$name"
        end_project "$begun" "$name"
    done
    for child in "${!beside[@]}"; do end_project "$child" "${beside[$child]}"; done
}

# ---- chaos

# Always the same seed: what passes here passes again. Other seeds are for `chaos run --repeat`.
chaos_seed=7

# EXPERIMENT [TARGET]: passed only with exit 0, so a run that proved nothing has failed.
run_experiment() {
    local result=0
    attend timeout --kill-after 30 $patience "$chaos" run "$1" ${2:+--target "$2"} --seed $chaos_seed \
        --out "$results/chaos" < /dev/null || result=$?
    count "$1${2:+ on $2}" $result
}

count() {
    if [ "$2" = 0 ]; then
        passed=$((passed + 1))
    else
        say "chaos: $1 ended with $2"
        fail "chaos: $1 ended with $2"
    fi
}

# No limits: a build server's time is nobody's measure; the verdict is.
run_load() {
    local result=0
    attend timeout --kill-after 30 $patience "$1" load --rate 300:5s --mix short:95,long:5 --queues 2 --seed $chaos_seed \
        --out "$results/chaos" < /dev/null || result=$?
    count "load" $result
}

run_chaos() {
    local chaos=$root/artifacts/bin/JobSystem.Chaos.Cli/release/chaos result=0
    echo "== chaos"
    rm -rf "$results/chaos"
    attend timeout --kill-after 30 $patience "$chaos" verify-checker --without-broker \
        --out "$results/chaos" < /dev/null || result=$?
    count "verify-checker --without-broker" $result
    run_load "$chaos"
    run_experiment worker-kills
    run_experiment nemesis-embedded
    run_experiment actor-crashes-small
    case ,${JOBSYSTEM_TEST_BROKERS:-}, in
        *,4.3,*)
            run_experiment worker-kills-rabbitmq
            run_experiment broker-restarts-small
            run_experiment network-resets
            ;;
        *) run_experiment plain-process ;;
    esac
}

# ---- the run

trap finish EXIT
trap 'give_up interrupted' INT TERM

only=all filter=
while [ $# -gt 0 ]; do
    case $1 in
        --only) only=${2:-}; shift 2 || true ;;
        -*) give_up "usage: run.sh [--only hermetic|broker|chaos] [FILTER]" ;;
        *) filter=$1; shift ;;
    esac
done
case $only in all | hermetic | broker | chaos) ;; *) give_up "usage: run.sh [--only hermetic|broker|chaos] [FILTER]" ;; esac
case $filter in '' | *[=~]*) ;; *) filter="FullyQualifiedName~$filter" ;; esac

# A sample is a worker in Python.
command -v python3 > /dev/null || [ $only = chaos ] || apt_install python3 || say "without python3 its sample will fail"

projects=()
for project in {tests,samples}/*.Tests/*.csproj; do
    case $only in
        hermetic) ! needs_broker "$project" || continue ;;
        broker) needs_broker "$project" || continue ;;
        chaos) continue ;;
    esac
    projects+=("$project")
done

command -v dotnet > /dev/null || give_up "no dotnet here: install the .NET SDK 10"
[ ${#projects[@]} -gt 0 ] || [ $only = chaos ] || give_up "no test project of this kind"
export HOME=${HOME:-${TMPDIR:-/tmp}} DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# No build server stays behind.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

# The SDK leaves empty folders and locks behind in its temporary folder: it gets one that ends with this run.
temp=$(mktemp -d "${TMPDIR:-/tmp}/jobsystem-tests.XXXXXX")

# The build computes while the brokers, on a new machine, are downloaded.
begin env TMPDIR="$temp" dotnet build JobSystem.sln --configuration Release --nologo --verbosity quiet < /dev/null
build=$begun
for project in "${projects[@]}"; do
    if needs_broker "$project"; then brokers; break; fi
done
[ $only != chaos ] || brokers
end "$build" || give_up "the build failed"
run_projects
case $only,$filter in all, | chaos,*) run_chaos ;; esac
