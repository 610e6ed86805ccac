// Where everything lies in the GPU's memory, given by the host as imported constants: see GpuLayout of src/gpu/memory.ts.
// Imports instead of static data: a data segment would be written again by each further instance on the same memory.

export declare const layers: i32;
export declare const dModel: i32;
export declare const heads: i32;
export declare const kvHeads: i32;
export declare const headDim: i32;
export declare const ffn: i32;
export declare const vocabulary: i32;
export declare const blockTokens: i32;
export declare const maxBlocksPerSequence: i32;
export declare const qkvColumns: i32;
export declare const rowBlock: i32;
export declare const queryScale: f32;

export declare const embedding: usize;
export declare const layerWeights: usize;
export declare const layerStride: usize;
export declare const attentionNorm: usize;
export declare const qkvWeight: usize;
export declare const outputWeight: usize;
export declare const ffnNorm: usize;
export declare const gateUpWeight: usize;
export declare const downWeight: usize;
export declare const finalNorm: usize;
export declare const projection: usize;
export declare const ropeCos: usize;
export declare const ropeSin: usize;

export declare const tokens: usize;
export declare const positions: usize;
export declare const blockTables: usize;
export declare const residual: usize;
export declare const normed: usize;
export declare const delta: usize;
export declare const qkv: usize;
export declare const attended: usize;
export declare const hidden: usize;
export declare const tileK: usize;
export declare const tileV: usize;
export declare const scores: usize;
export declare const units: usize;
export declare const logits: usize;
export declare const pool: usize;
export declare const blockBytes: usize;
