import { canInstallDebianPackages, installDebianPackages } from "./debian.mjs";
import { capture, UserError } from "./processes.mjs";

/** Makes sure that `python3 -m celery` works, for the tests that talk to real Celery workers. */
export async function findCelery() {
  if (await works()) return;
  if (canInstallDebianPackages()) {
    await installDebianPackages(["python3-celery"]);
    if (await works()) return;
  }
  throw new UserError(
    "No Celery for python3 (suite interop): install it, such as by `pip install celery`, or name the suites to run.",
  );
}

async function works() {
  return (await capture("python3", ["-m", "celery", "--version"])).code === 0;
}
