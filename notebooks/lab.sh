#!/bin/sh
# Opens the notebooks in Jupyter with this repository's kernel; nothing is installed outside the repository.
cd "$(dirname "$0")/.." || exit 1
[ -e dist/index.js ] || { echo "Cannot open the notebooks: the library is not built; run npm run build" >&2; exit 1; }
root=""
[ "$(id -u)" = 0 ] && root=--allow-root # as in a container; Jupyter refuses otherwise
for command in jupyter-lab jupyter-notebook; do
  if command -v "$command" > /dev/null; then
    JUPYTER_PATH="$PWD/notebooks/kernel" exec "$command" $root "$@" notebooks
  fi
done
echo "Cannot open the notebooks: Jupyter is missing; apt-get install -y jupyter-notebook, or pip install jupyterlab" >&2
exit 1
