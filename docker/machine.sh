#!/bin/bash
# machine.sh: what the scripts of this repository need from the machine they run on, to be sourced.
#
#   apt_install PACKAGE...   installs packages; says so in one line; no service of theirs is started
#   debian_mirror            prints the mirror this machine's apt uses (no host is written in this repository)
#   birth PID                prints when a living process was started (in clock ticks), nothing for a dead one
#
# Promises: nothing happens where nothing is missing; several processes may call at once; returns 1 after one
# line that says what to do where this machine has no apt or we may not install.

export DEBIAN_FRONTEND=noninteractive
DEBIAN_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

say() { echo "${0##*/}: $*" >&2; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

installed() { dpkg-query -W -f '${Status}' "$1" 2> /dev/null | grep -q 'ok installed'; }

# A process id alone may belong to somebody else after a while; with its time of birth it cannot. A zombie is
# dead: who reaps it, and when, is not our affair.
birth() { (sed 's/.*) //' "/proc/$1/stat" 2> /dev/null || true) | awk '$1 != "Z" { print $20 }'; }

apt_install() {
    local package missing=()
    command -v apt-get > /dev/null || { say "no apt here: install $* by hand and run this again"; return 1; }
    for package; do installed "$package" || missing+=("$package"); done
    [ ${#missing[@]} -gt 0 ] || return 0
    as_root true 2> /dev/null || { say "not root: run 'sudo apt-get install ${missing[*]}' once"; return 1; }
    say "installing ${missing[*]} (apt)"
    (
        exec 8> "${TMPDIR:-/tmp}/jobsystem-apt.lock"
        flock 8
        without_services_started install_now "${missing[@]}" 8>&-
    ) || { say "apt could not install ${missing[*]}: see the lines above"; return 1; }
}

# The lists may be missing (a new machine) or older than the mirror: then they are fetched and it tries again.
install_now() {
    local apt=(as_root apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0)
    "${apt[@]}" install -y --no-install-recommends "$@" < /dev/null > /dev/null 2>&1 && return 0
    "${apt[@]}" update < /dev/null >&2 || return 1
    "${apt[@]}" install -y --no-install-recommends "$@" < /dev/null > /dev/null
}

# Debian starts a packaged service as it installs it; policy-rc.d is its way to say no. What was there comes
# back afterwards.
without_services_started() {
    local policy=/usr/sbin/policy-rc.d result=0
    [ ! -e $policy ] || as_root mv $policy $policy.before-jobsystem
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy > /dev/null
    as_root chmod 755 $policy
    "$@" || result=$?
    as_root rm -f $policy
    [ ! -e $policy.before-jobsystem ] || as_root mv $policy.before-jobsystem $policy
    return $result
}

debian_mirror() {
    local codename mirror
    command -v apt-get > /dev/null || { say "no apt here: Debian's packages cannot be had"; return 1; }
    codename=$(. /etc/os-release 2> /dev/null; [ "${ID:-}" != debian ] || echo "${VERSION_CODENAME:-}")
    [ -n "$codename" ] || { say "this is not Debian: its packages cannot be had"; return 1; }
    mirror=$(mirror_of "$codename")
    if [ -z "$mirror" ]; then
        as_root apt-get -qq update < /dev/null 2> /dev/null >&2 || true
        mirror=$(mirror_of "$codename")
    fi
    [ -n "$mirror" ] || { say "apt knows no mirror of Debian $codename: see its sources"; return 1; }
    echo "$mirror"
}

mirror_of() {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' "Codename: $1" \
        | sed -n '\,^https\?://,{p;q}'
}
