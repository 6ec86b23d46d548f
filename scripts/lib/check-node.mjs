/** Imported first by every script: says so in one line when Node is too old, before anything newer is parsed. */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Ligature needs Node 20.19 or newer; this is ${process.version}. Install a newer one from nodejs.org.`);
  process.exit(1);
}
