export function wrongImport(file: string, specifier: string, typeOnly: boolean): string | undefined;
export function missingRooms(root: string): readonly string[];
