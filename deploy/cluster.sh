#!/bin/sh
# Keeps a part of a cluster in the foreground, for containers and service managers.
#
#   cluster.sh first [SILOS]   starts the cluster with SILOS silos (default 1); SIGTERM ends the whole cluster
#   cluster.sh join NAME       is the silo NAME of the cluster that 'first' started; SIGTERM ends this silo
#
# TRAINER_CLUSTER: name of the cluster (default: default). TRAINER_THREADS: compute threads of each silo, for 'first'
# (default: the cores / SILOS). TRAINER: the executable (default: trainer).
set -eu

trainer=${TRAINER:-trainer}
cluster=${TRAINER_CLUSTER:-default}
pause=2

usage() {
    echo "cluster.sh: give 'first [SILOS]' or 'join NAME'" >&2
    exit 2
}

first() {
    stopping=
    trap 'stopping=1' TERM INT
    # What a kill of everything left behind would be taken for a running cluster.
    "$trainer" down --cluster "$cluster" >/dev/null 2>&1 || true
    "$trainer" up --silos "${1:-1}" --cluster "$cluster" ${TRAINER_THREADS:+--threads "$TRAINER_THREADS"}
    while [ -z "$stopping" ]; do
        if ! "$trainer" status --json --cluster "$cluster" | grep -q '"state":"active"'; then
            echo "cluster.sh: no silo of cluster '$cluster' lives" >&2
            "$trainer" down --cluster "$cluster" || true
            exit 1
        fi
        # 'wait' returns at once when a signal comes, 'sleep' in the foreground would not.
        sleep "$pause" &
        wait $! || true
        kill $! 2>/dev/null || true
    done
    "$trainer" down --cluster "$cluster"
}

join() {
    trap 'exit 0' TERM INT
    until "$trainer" status --json --cluster "$cluster" 2>/dev/null | grep -q '"state":"active"'; do
        sleep "$pause" &
        wait $! || true
    done
    trap - TERM INT
    exec "$trainer" silo --cluster "$cluster" --name "$1"
}

case "${1:-}" in
    first) shift; first "$@" ;;
    join) [ $# -eq 2 ] || usage; join "$2" ;;
    *) usage ;;
esac
