/**
 * Every task of the contract packages that a program imports, by wire name. Generated code adds to it
 * (`declare module "ligature/generated"`), which is how `app.sendTask("name", …)` is typed.
 */
export interface TaskRegistry {}
