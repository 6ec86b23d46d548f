export default { add: (a: number, b: number): number => a + b };
