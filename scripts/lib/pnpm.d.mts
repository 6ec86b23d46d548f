export const pnpmVersion: string;
export function findPnpm(): Promise<{ command: string; args: string[]; how: string }>;
