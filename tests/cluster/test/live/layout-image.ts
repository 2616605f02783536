// Makes a small image as a folder with an OCI layout: two layers, the second with a whiteout.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { gzipSync } from "node:zlib";

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const prefix = "application/vnd.oci.image";

function putBlob(layout: string, mediaType: string, content: Buffer): Descriptor {
  const hash = createHash("sha256").update(content).digest("hex");
  mkdirSync(`${layout}/blobs/sha256`, { recursive: true });
  writeFileSync(`${layout}/blobs/sha256/${hash}`, content);
  return { mediaType, digest: `sha256:${hash}`, size: content.length };
}

function putLayer(layout: string, fill: (folder: string) => void): Descriptor {
  const folder = mkdtempSync(`${tmpdir()}/cluster-layer-`);
  try {
    chmodSync(folder, 0o755);
    fill(folder);
    const archive = execFileSync("tar", ["-c", "-C", folder, "."], { maxBuffer: 2 ** 28 });
    return putBlob(layout, `${prefix}.layer.v1.tar+gzip`, gzipSync(archive, { level: 1 }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A shell with the libraries it is linked to, and no more of this machine. */
function copyShell(folder: string): void {
  const libraries = execFileSync("ldd", ["/bin/sh"], { encoding: "utf8" }).match(/\/\S+/g) ?? [];
  for (const file of ["/bin/sh", ...libraries]) {
    mkdirSync(dirname(`${folder}${file}`), { recursive: true });
    copyFileSync(file, `${folder}${file}`);
  }
}

export function layoutImage(layout: string): void {
  const layers = [
    putLayer(layout, (folder) => {
      copyShell(folder);
      mkdirSync(`${folder}/data`);
      writeFileSync(`${folder}/data/version`, "old\n");
      writeFileSync(`${folder}/data/dropped`, "still here\n");
    }),
    putLayer(layout, (folder) => {
      mkdirSync(`${folder}/data`);
      writeFileSync(`${folder}/data/version`, "new\n");
      writeFileSync(`${folder}/data/.wh.dropped`, "");
      mkdirSync(`${folder}/etc`);
      writeFileSync(
        `${folder}/etc/passwd`,
        "root:x:0:0::/:/bin/sh\nplain:x:65532:65532::/:/bin/sh\n",
      );
    }),
  ];
  // Only what the shell does itself: the image has no other program.
  const script = `read -r version < version; echo "$version"
    test -e dropped && echo present || echo absent
    while read -r name value rest; do test "$name" = Uid: && echo "$value"; done < /proc/self/status
    echo "$MESSAGE"`;
  const config = putBlob(
    layout,
    `${prefix}.config.v1+json`,
    Buffer.from(
      JSON.stringify({
        architecture: process.arch === "x64" ? "amd64" : process.arch,
        os: "linux",
        config: {
          Entrypoint: ["/bin/sh", "-c"],
          Cmd: [script],
          Env: ["MESSAGE=from the image"],
          WorkingDir: "/data",
          User: "plain",
        },
        rootfs: { type: "layers", diff_ids: [] },
      }),
    ),
  );
  const manifestType = `${prefix}.manifest.v1+json`;
  const manifest = putBlob(
    layout,
    manifestType,
    Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config, layers })),
  );
  writeFileSync(`${layout}/oci-layout`, JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  writeFileSync(
    `${layout}/index.json`,
    JSON.stringify({ schemaVersion: 2, manifests: [manifest] }),
  );
}
