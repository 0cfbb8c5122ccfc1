#!/usr/bin/python3
"""Do the notebooks run from top to bottom, each in a fresh kernel, on this lake?

usage: notebooks/run.py [--out FOLDER] [--param NAME=VALUE …] [--timeout SECONDS] [--force] [NOTEBOOK …]
       notebooks/run.py --clear [NOTEBOOK …]

Without names: every notebook of this folder. Leaves <name>.ipynb and <name>.html with outputs in the
folder; the sources stay as they are. A parameter replaces a variable of the cell tagged "parameters";
dataDir, source and csvDir follow the environment's DATA_DIR, SOURCE and CSV_DIR where these are set. A notebook whose
page was made from the same source, parameters, data and library is left as it is, unless --force asks for it.
Exit code: 0 all passed, 1 some failed, 2 wrong usage.
"""

import argparse
import hashlib
import json
import logging
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
PYTHON = pathlib.Path("/usr/bin/python3")  # the one that Debian's packages belong to
INJECTED = "injected-parameters"
ENVIRONMENT = {"dataDir": "DATA_DIR", "source": "SOURCE", "csvDir": "CSV_DIR"}
NODE = ROOT / "node_modules/.bin/node"
PACKAGES = "jupyter-nbconvert python3-nbclient jupyter-core jupyter-client"


def main():
    options = parse_arguments()
    if options.clear:
        clear_outputs(options.notebooks)
        return 0
    require(ROOT / "node_modules/tslab", "the packages are not installed; run npm ci")
    require(ROOT / "dist/index.js", "the library is not built; run npm run build")
    notebooks = {path: read(path) for path in options.notebooks}
    check_parameters(options.param, notebooks.values())
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # a kernel that dies leaves its client's tasks pending
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as runtime:
        os.environ.update(
            JUPYTER_PATH=str(HERE / "kernel"),
            JUPYTER_RUNTIME_DIR=runtime,
            CI=os.environ.get("CI", "1"),  # the kernel then dies of a floating rejection
        )
        results = [run(path, notebook, options) for path, notebook in notebooks.items()]
    failed = results.count(False)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


def parse_arguments():
    parser = argparse.ArgumentParser(usage=__doc__.partition("usage: ")[2].partition("\n\n")[0])
    add = parser.add_argument
    add("--out", type=pathlib.Path, default=ROOT / "reports/dist/notebooks", help="where pages go (reports/dist/notebooks)")
    add("--param", action="append", default=[], type=parameter, help="NAME=VALUE of the cell tagged parameters; may be repeated")
    add("--timeout", type=int, default=300, help="most seconds that a cell may take (300)")
    add("--force", action="store_true", help="execute also what is as it was")
    add("--clear", action="store_true", help="take the outputs out of the notebooks themselves, and execute nothing")
    add("notebooks", nargs="*", type=pathlib.Path, help="which; all of this folder where none is named")
    options = parser.parse_args()
    own = (pathlib.Path(os.path.relpath(path)) for path in sorted(HERE.glob("*.ipynb")))
    options.notebooks = options.notebooks or list(own)
    given = {name: os.environ.get(variable) for name, variable in ENVIRONMENT.items()}
    options.param = {**{name: value for name, value in given.items() if value}, **dict(options.param)}
    for path in options.notebooks:
        if not path.is_file():
            parser.error(f"there is no notebook {path}")
    names = [path.stem for path in options.notebooks]
    for name in sorted({name for name in names if names.count(name) > 1}):
        same = ", ".join(str(path) for path in options.notebooks if path.stem == name)
        if not options.clear:
            parser.error(f"{same} would be one page, {name}.html; run them one by one, each with an --out of its own")
    return options


def parameter(text):
    """NAME=VALUE as a pair; a value that is not JSON is a text."""
    name, equals, value = text.partition("=")
    if not equals or not re.fullmatch(r"[A-Za-z_$][\w$]*", name):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def require(path, problem):
    if not path.exists():
        sys.exit(f"Cannot run notebooks: {problem}")


def check_parameters(given, notebooks):
    known = {name for notebook in notebooks for name in parameters_of(notebook)}
    for name in given:
        if name not in known and name not in ENVIRONMENT:
            print(f"Cannot set {name}: the notebooks' parameters are {', '.join(sorted(known)) or 'none'}", file=sys.stderr)
            sys.exit(2)


def read(path):
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat has a class of its own for each way in which a file is no notebook
        sys.exit(f"Cannot read {path}: {str(error).partition(chr(10))[0]}")


def run(path, notebook, options):
    """Executes one notebook, writes it and its page, says how it went; True where it passed."""
    started = time.monotonic()
    dirty = [i + 1 for i, cell in enumerate(notebook.cells) if cell.get("outputs") or cell.get("execution_count")]
    if dirty:
        problem = (
            f"committed with outputs in cells {', '.join(map(str, dirty))}\n"
            f"    clear them: notebooks/run.py --clear {path}"
        )
    else:
        state = state_of(notebook, options.param)
        inputs = inputs_of(notebook, options.param, state)
        if not options.force and stands(options.out / path.stem, inputs):
            print(f"same {path}", flush=True)
            return True
        inject(notebook, options.param)
        problem = execute(notebook, path, options.timeout)
        write(notebook, options.out / path.stem, {"problem": problem, "inputs": inputs, "note": note_of(state)})
    seconds = time.monotonic() - started
    print(f"{'FAIL' if problem else 'ok  '} {path} {seconds:.1f} s" + (f": {problem}" if problem else ""), flush=True)
    return not problem


def state_of(notebook, parameters):
    """What the outputs depend on beside the notebook: its lakes, the CSV files, the library, the versions."""
    declared = parameter_source(notebook)
    value = {name: parameters.get(name, default_of(declared, name)) for name in ENVIRONMENT}
    lakes = lakes_of(notebook, value)
    states = [told_state(data_dir, source, value["csvDir"]) for data_dir, source in lakes or [("", "")]]
    others = {"otherLakes": [state["lake"] for state in states[1:]]} if len(states) > 1 else {}
    return {**states[0], **others}


def lakes_of(notebook, value):
    """Where the notebook opens lakes, as pairs of folder and source: as its parameters say, or as its cells do."""
    if "dataDir" in parameters_of(notebook):
        return [(value["dataDir"], value["source"])]
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    named = re.findall(r"\b(?:findLake|openLakeFolder)\(\s*([\"'])(.*?)\1(?:\s*,\s*([\"'])(.*?)\3)?", code)
    if named:
        return list(dict.fromkeys((data_dir, source) for _, data_dir, _, source in named))
    opened = re.search(r"\b(findLake|openLake|openLakeFolder)\(", code)
    return [(value["dataDir"] or "data", value["source"])] if opened else []


def told_state(data_dir, source, csv_dir):
    command = [NODE, HERE / "state.js", data_dir, source or "auto", csv_dir]
    told = subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True)
    if told.returncode != 0:
        sys.exit(f"Cannot tell the state of the lake: {told.stderr.strip()}")
    return json.loads(told.stdout)


def default_of(source, name):
    found = re.search(rf"\blet\s+{name}\b[^=\n]*=\s*\"([^\"]*)\"", source)
    return found.group(1) if found else ""


def inputs_of(notebook, parameters, state):
    """One hash of all that decides the outputs."""
    own = {name: value for name, value in parameters.items() if name in parameters_of(notebook)}
    cells = [[cell.cell_type, cell.source, cell.metadata.get("tags", [])] for cell in notebook.cells]
    return hashlib.sha256(json.dumps([cells, own, state], sort_keys=True).encode()).hexdigest()


def stands(stem, inputs):
    """Whether a page that passed was made from the same inputs."""
    page = stem.with_suffix(".html")
    return page.exists() and stem.with_suffix(".ipynb").exists() and f'content="{inputs}"' in page.read_text(encoding="utf-8")[:2000]


def note_of(state):
    """Data and versions, as the page's last line."""
    lake = state["lake"]
    data = ""
    if lake and "error" not in lake:
        data = f"Data: the lake of {lake['source']}, newest session {lake['newest'] or 'none'} ({lake['sha256'][:12]}). "
    versions = ", ".join(f"{name} {version}" for name, version in state["versions"].items())
    return f"{data}Made with {versions} (code {state['code'][:12]})."


def parameters_of(notebook):
    """Names that the cell tagged "parameters" declares with let."""
    return re.findall(r"\blet\s+([\w$]+)", parameter_source(notebook))


def parameter_source(notebook):
    return next((cell.source for cell in notebook.cells if is_parameters(cell)), "")


def is_parameters(cell):
    return "parameters" in cell.metadata.get("tags", [])


def inject(notebook, parameters):
    """Assigns the parameters in a cell of their own: the types of their declarations stay in force."""
    names = parameters_of(notebook)
    lines = [f"  {name} = {json.dumps(value)};" for name, value in parameters.items() if name in names]
    if lines:
        at = next(i for i, cell in enumerate(notebook.cells) if is_parameters(cell))
        cell = nbformat.v4.new_code_cell("\n".join(["{", *lines, "}"]), id=INJECTED, metadata={"tags": ["open"]})
        notebook.cells.insert(at + 1, cell)


def execute(notebook, path, timeout):
    """Runs the cells in order; the first problem in words, None where there is none."""
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name=notebook.metadata.get("kernelspec", {}).get("name", ""),
        record_timing=False,
        resources={"metadata": {"path": str(path.parent.resolve())}},
    )
    # A promise that no cell awaits may fail after the last one: the kernel gets time to die of it.
    rest = nbformat.v4.new_code_cell("await new Promise((resolve) => setTimeout(resolve, 600));", id="rest")
    notebook.cells.append(rest)
    cell = rest
    try:
        with client.setup_kernel():
            for index, cell in enumerate(notebook.cells):
                client.execute_cell(cell, index)
    except NoSuchKernel as error:
        return f"no kernel is named {error.name!r}; notebooks here use volbook"
    except CellExecutionError:
        return told(notebook, cell, "failed")
    except CellTimeoutError:
        return told(notebook, cell, f"took longer than {timeout} s")
    except DeadKernelError:
        return told(notebook, cell, "or one before it ended the kernel")
    except RuntimeError as error:
        return f"the kernel did not start: {error}"
    finally:
        notebook.cells.remove(rest)
    return None


def told(notebook, cell, what):
    """A cell's place in the source, its text and stderr: tslab reports errors as text alone. Its page shows it unfolded."""
    cell.metadata["tags"] = [*dict.fromkeys([*cell.metadata.get("tags", []), "open"])]
    said = "".join(output.text for output in cell.outputs if output.get("name") == "stderr")
    if cell.get("id") == "rest":
        return f"after the last cell the kernel ended\n{indented('it said', said)}"
    if cell.get("id") == INJECTED:
        return f"the cell with the given parameters {what}\n{indented('the cell', cell.source)}\n{indented('it said', said)}"
    own = (one for one in notebook.cells if one.get("id") != INJECTED)
    number = next(i for i, one in enumerate(own, start=1) if one is cell)
    return f"cell {number} {what}\n{indented('the cell', cell.source)}\n{indented('it said', said)}"


def indented(title, text, most=30):
    lines = text.strip().splitlines() or ["(nothing)"]
    more = [f"… {len(lines) - most} more lines"] if len(lines) > most else []
    return "\n      ".join([f"    {title}:", *lines[:most], *more])


def write(notebook, stem, told):
    notebook.metadata.setdefault("language_info", {"name": "typescript", "file_extension": ".ts"})
    nbformat.write(notebook, stem.with_suffix(".ipynb"))
    exporter = HTMLExporter(template_name="page", extra_template_basedirs=[str(HERE)])
    exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    problem = (told["problem"] or "").partition("\n")[0]
    site = "notebooks.html" if (stem.parent.parent / "notebooks.html").exists() else None
    resources = {**told, "page_title": title_of(notebook, stem.name), "problem": problem, "site": site}
    page, _ = exporter.from_notebook_node(notebook, resources)
    stem.with_suffix(".html").write_text(page, encoding="utf-8")


def title_of(notebook, name):
    heading = re.search(r"^# (.+)$", notebook.cells[0].source if notebook.cells else "", re.MULTILINE)
    return heading.group(1) if heading else name


def clear_outputs(paths):
    for path in paths:
        notebook = read(path)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = []
                cell.execution_count = None
                cell.metadata.pop("execution", None)
        nbformat.write(notebook, path)


try:
    import nbformat
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbconvert import HTMLExporter
except ImportError as error:
    other = PYTHON.exists() and PYTHON.resolve() != pathlib.Path(sys.executable).resolve()
    if other and subprocess.run([PYTHON, "-c", "import nbclient, nbconvert, jupyter_client"], capture_output=True).returncode == 0:
        os.execv(PYTHON, [str(PYTHON), *sys.argv])  # another python was first on the path
    sys.exit(
        f"Cannot run notebooks: {sys.executable} lacks {error.name}; "
        f"apt-get install -y --no-install-recommends {PACKAGES}"
    )

if __name__ == "__main__":
    sys.exit(main())
