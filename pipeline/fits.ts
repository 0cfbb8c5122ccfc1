// The lake's fits, which the laboratory reads too.
export {type ComposedReference, type ReadDataset, type StoredFit, storedFits} from "../src/lab/lakeFits.ts";
