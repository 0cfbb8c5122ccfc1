// The server's command: node src/server/main.ts. What is set here must be set before the rest is loaded.
import {enableCompileCache} from "node:module";
import {setFlagsFromString} from "node:v8";
import {createReaderProcess} from "../store/readerProcess.ts";

// What lives only as long as a request needs little room: V8 would give it 48 MB.
setFlagsFromString("--semi-space-growth-factor=1");
// From the second start on, in the system's folder for temporary files.
enableCompileCache();

// It starts while the rest is loaded.
const reader = createReaderProcess();
reader.start();
const {serve} = await import("./serve.ts");
await serve({reader});
