/** Codes of elementwise operations, shared with main/kernels/assembly/_elementwise.ts. */
export const unaryCode = {
  Square: 0,
  Sqrt: 1,
  Exp: 2,
  Log: 3,
  Sigmoid: 4,
  Tanh: 5,
  Abs: 6,
  Sign: 7,
  Neg: 8,
  Rsqrt: 9,
  Softplus: 10,
  Relu: 11,
  Step: 12,
  ClipByValue: 13,
  Reciprocal: 14,
  Silu: 15,
  Relu6: 16,
  LeakyRelu: 17,
  Floor: 18,
  Ceil: 19,
  Round: 20,
  Sin: 22,
  Cos: 23,
  Log1p: 24,
} as const;

export const binaryCode = {
  Add: 0,
  Sub: 1,
  Multiply: 2,
  RealDiv: 3,
  Maximum: 4,
  Minimum: 5,
  SquaredDifference: 6,
  SigmoidGrad: 7,
  TanhGrad: 8,
  ReluGrad: 9,
  SiluGrad: 10,
} as const;

export const compareCode = { Greater: 0, GreaterEqual: 1, Less: 2, LessEqual: 3, Equal: 4, NotEqual: 5 } as const;

export const logicCode = { LogicalAnd: 0, LogicalOr: 1, LogicalNot: 2 } as const;

export const reduceCode = { Sum: 0, Max: 1, Min: 2, Prod: 3 } as const;

export const convertCode = {
  'int32→float32': 0,
  'float32→int32': 1,
  'bool→float32': 2,
  'bool→int32': 3,
  'float32→bool': 4,
  'int32→bool': 5,
} as const;
