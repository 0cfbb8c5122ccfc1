"""What does the notebooks' kernel answer when a walk forward is interrupted, and when a cell throws? Prints JSON."""

import json
import os
import pathlib
import tempfile
import time

os.environ["JUPYTER_PATH"] = str(pathlib.Path(__file__).resolve().parent.parent / "notebooks/kernel")
os.environ["JUPYTER_RUNTIME_DIR"] = tempfile.mkdtemp()
from jupyter_client.manager import KernelManager  # noqa: E402  reads these variables

SLOW_MODEL = """
import * as vb from "volbook";
const [spy, vix] = vb.simulateMarket({seed: 1, first: vb.sessionDate("2016-01-04"), last: vb.sessionDate("2018-12-31")}).bars;
const table: vb.LabTable = vb.createLabTable({target: spy!, others: {vix: vix!}});
let fits = 0;
const slow: vb.Model<null> = {
  name: "slow", features: [],
  fit() { fits++; for (const end = Date.now() + 50; Date.now() < end; ); return null; },
  forecast(_, {rows}) { const variance = new Float64Array(rows.end - rows.start).fill(1e-4); return {variance, volatility: variance}; },
};
"""
WALK = "await vb.walkForward(slow, table, {minTrain: 100, refitEvery: 1});"
LATER = "const then = fits; await new Promise((done) => setTimeout(done, 300)); console.log(then, fits);"
FAIL = "vb.column(vb.createFrame(Int32Array.of(1), {vix: Float64Array.of(1)}), 'vxi');"


def main():
    manager = KernelManager(kernel_name="volbook")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(60)
        answers = [execute(client, code, manager if code == WALK else None) for code in (SLOW_MODEL, WALK, LATER, FAIL)]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    print(json.dumps(answers[1:]))


def execute(client, code, to_interrupt):
    """What the cell printed, and the name of the error in the reply; interrupted after a second where asked."""
    message = client.execute(code)
    if to_interrupt:
        time.sleep(1)
        to_interrupt.interrupt_kernel()
    said = ""
    while True:
        told = client.get_iopub_msg(timeout=30)
        if told["parent_header"].get("msg_id") != message:
            continue
        if told["msg_type"] == "stream":
            said += told["content"]["text"]
        if told["msg_type"] == "status" and told["content"]["execution_state"] == "idle":
            break
    while True:
        reply = client.get_shell_msg(timeout=30)
        if reply["parent_header"].get("msg_id") == message:
            break
    time.sleep(0.3)  # after an error tslab drops what comes at once
    return {"said": said, **{key: value for key, value in reply["content"].items() if key == "ename"}}


main()
