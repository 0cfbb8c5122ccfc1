// The part of ml-cart 2.1.1 that is used here; the package ships no types.

declare module "ml-cart" {
  export class DecisionTreeRegression {
    constructor(options: {maxDepth?: number; minNumSamples?: number; gainThreshold?: number});
    train(rows: number[][], target: number[]): void;
    predict(rows: number[][]): number[];
    toJSON(): unknown;
    static load(model: unknown): DecisionTreeRegression;
  }
}
