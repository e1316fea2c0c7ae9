# Shell functions of deploy/run and deploy/test: the Python environment in .venv, installed from a lock file.

say() { printf 'countersign: %s\n' "$*" >&2; }

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    say "Python 3.11 or newer is needed and was not found; install it (Debian: apt-get install python3 python3-venv) and start again."
    exit 1
}

# prepare LOCK: .venv holds what LOCK names. A stamp for each lock remembers what was installed last, so that a later start costs nothing.
prepare() {
    local lock=$1 stamp python sum
    stamp=.venv/installed-$(basename "$lock" .lock)
    sum=$(cksum "$lock")
    if [ -x .venv/bin/python ] && [ "$sum" = "$(cat "$stamp" 2>/dev/null)" ]; then
        return
    fi
    python=$(find_python)
    if [ ! -x .venv/bin/python ]; then
        say "making .venv with $("$python" --version)"
        rm -rf .venv
        "$python" -m venv .venv || { rm -rf .venv; say "Python's venv module is missing; install it (Debian: apt-get install python3-venv) and start again."; exit 1; }
    fi
    say "installing from $lock"
    # The lock names every package with its hashes, so there is nothing to resolve; what is imported is compiled then.
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-compile --require-hashes -r "$lock" \
        || { say "the packages of $lock could not be installed (see above); check the network and start again."; exit 1; }
    echo "$sum" > "$stamp"
}
