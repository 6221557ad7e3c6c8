// Unpacks the Chromium that the npm package carries, with the few shared libraries and the
// font that a bare machine lacks. No root and no download: all of it is inside the package.
import { spawnSync } from "node:child_process";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const packed = join(here, "node_modules", "@sparticuz", "chromium", "bin");
const target = join(here, "node_modules", ".chromium");
const program = join(target, "chromium");

async function inflate(name, file, mode) {
  const to = createWriteStream(file, { mode });
  await pipeline(createReadStream(join(packed, name)), createBrotliDecompress(), to);
}

async function unpackTar(name) {
  const file = join(target, name.replace(/\.br$/, ""));
  await inflate(name, file, 0o644);
  const done = spawnSync("tar", ["-xf", file, "-C", target, "--no-same-owner"], {
    stdio: "inherit",
  });
  if (done.status !== 0) throw new Error(`tar could not unpack ${name}`);
  rmSync(file);
}

// The packed font first, the machine's own for the scripts that it lacks.
function writeFontSettings() {
  writeFileSync(
    join(target, "fonts.conf"),
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(target, "fonts")}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(target, "fonts-cache")}</cachedir>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`,
  );
}

// The program is written last: where it stands, all else does.
if (!existsSync(program)) {
  mkdirSync(target, { recursive: true });
  await unpackTar("al2023.tar.br");
  await unpackTar("fonts.tar.br");
  writeFontSettings();
  const partial = `${program}.partial`;
  await inflate("chromium.br", partial, 0o755);
  renameSync(partial, program);
}
