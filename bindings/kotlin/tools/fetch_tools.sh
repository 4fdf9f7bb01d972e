#!/usr/bin/env bash
# Fetches the Kotlin compiler and the JSON reader of the tests (tools/pom.xml) with Maven, and keeps
# only files that are the ones of jars.sha256. Asks nobody when they are all there.
#
#   fetch_tools.sh [FOLDER]      default: build/downloads/kotlin of the repository
set -euo pipefail
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${1:-$tools/../../../build/downloads/kotlin}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

complete() { (cd "$1" && sha256sum --check --status "$tools/jars.sha256" 2>/dev/null); }

if complete "$folder"; then
    exit 0
fi
command -v mvn >/dev/null || {
    echo "fetch_tools.sh: mvn is not installed (Debian: maven)" >&2
    exit 1
}
fresh=$(mktemp -d "$folder/fetch.XXXXXX")
trap 'rm -rf "$fresh"' EXIT
mvn -q -B -f "$tools/pom.xml" dependency:copy-dependencies -DoutputDirectory="$fresh"
complete "$fresh" || {
    echo "fetch_tools.sh: what came is not what tools/jars.sha256 says; nothing is kept" >&2
    (cd "$fresh" && sha256sum --check --quiet "$tools/jars.sha256" >&2) || true
    exit 1
}
while read -r _ jar; do
    mv -f "$fresh/$jar" "$folder/$jar"
done <"$tools/jars.sha256"
