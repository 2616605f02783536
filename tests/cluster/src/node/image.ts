// An image's name -> the folder its containers' root begins from, and what the image runs by default.
//
// Two kinds: a command of this machine, whose root is the machine's own files beneath a layer for writes, and a folder with
// an OCI image layout, unpacked once per manifest.

import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { run } from "../network/commands.ts";

export type ImageSource =
  | { readonly command: readonly string[]; readonly environment?: Readonly<Record<string, string>> }
  | { readonly layout: string; readonly reference?: string };

/** Keys are image names; `name:*` and `name` stand for every tag of a name. */
export type ImageTable = Readonly<Record<string, ImageSource>>;

export interface Image {
  readonly root: string;
  readonly id: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: readonly string[];
  readonly workingDirectory: string;
  readonly user: string;
  readonly stopSignal: string;
}

/** No image of that name: kubelet's ErrImagePull, until a table has it. */
export class UnknownImage extends Error {
  constructor(name: string) {
    super(`image ${name} is not in the cluster's table; give it in \`images\``);
    this.name = "UnknownImage";
  }
}

const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

interface Descriptor {
  readonly mediaType?: string;
  readonly digest: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: { readonly architecture: string; readonly os: string };
}

interface Index {
  readonly manifests: readonly Descriptor[];
}

interface Manifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

interface ImageConfiguration {
  readonly config?: {
    readonly Entrypoint?: readonly string[] | null;
    readonly Cmd?: readonly string[] | null;
    readonly Env?: readonly string[] | null;
    readonly WorkingDir?: string;
    readonly User?: string;
    readonly StopSignal?: string;
  };
}

/** A name without tag and digest; a colon before the last slash belongs to a registry's port. */
function repositoryOf(name: string): string {
  const untagged = name.replace(/@sha256:[0-9a-f]+$/, "");
  const slash = untagged.lastIndexOf("/");
  const colon = untagged.indexOf(":", slash + 1);
  return colon === -1 ? untagged : untagged.slice(0, colon);
}

function findSource(table: ImageTable, name: string): ImageSource | undefined {
  const repository = repositoryOf(name);
  return table[name] ?? table[`${repository}:*`] ?? table[repository];
}

function blobPath(layout: string, digest: string): string {
  if (!/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new Error(`${layout}: ${digest} is no SHA-256 digest`);
  return `${layout}/blobs/sha256/${digest.slice("sha256:".length)}`;
}

async function verify(layout: string, { digest }: Descriptor): Promise<string> {
  const file = blobPath(layout, digest);
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  if (`sha256:${hash.digest("hex")}` !== digest)
    throw new Error(`${file} is not what its name says`);
  return file;
}

async function readBlob<T>(layout: string, descriptor: Descriptor): Promise<T> {
  return JSON.parse(await readFile(await verify(layout, descriptor), "utf8")) as T;
}

const indexTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
const architectures: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** The manifest for this machine: by its reference in the layout's index, then by platform in a nested index. */
async function findManifest(layout: string, reference?: string): Promise<Descriptor> {
  let { manifests } = JSON.parse(await readFile(`${layout}/index.json`, "utf8")) as Index;
  const nameKey = "org.opencontainers.image.ref.name";
  if (reference !== undefined) {
    manifests = manifests.filter(({ annotations }) => annotations?.[nameKey] === reference);
  }
  for (;;) {
    const chosen =
      manifests.find(({ platform }) => platform?.architecture === architectures[process.arch]) ??
      manifests.find(({ platform }) => platform === undefined);
    if (!chosen)
      throw new Error(
        `${layout} holds no image for ${process.arch} and reference ${reference ?? "(any)"}`,
      );
    if (!indexTypes.includes(chosen.mediaType ?? "")) return chosen;
    ({ manifests } = await readBlob<Index>(layout, chosen));
  }
}

/** OCI image specification, "Whiteouts": a file `.wh.name` removes name, `.wh..wh..opq` all that is in its folder. */
async function applyWhiteouts(root: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const folder = `${root}/${dirname(name)}`;
    const marker = basename(name);
    if (marker === ".wh..wh..opq") {
      const entries = existsSync(folder) ? await readdir(folder) : [];
      for (const entry of entries) await rm(`${folder}/${entry}`, { recursive: true, force: true });
    } else if (marker.startsWith(".wh.")) {
      await rm(`${folder}/${marker.slice(".wh.".length)}`, { recursive: true, force: true });
    }
  }
}

/** Layers one over the other into one folder, made under another name and moved when whole. */
async function unpack(layout: string, manifest: Manifest, target: string): Promise<void> {
  if (existsSync(target)) return;
  const fresh = `${target}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  for (const layer of manifest.layers) {
    const archive = await verify(layout, layer);
    const names = (await run("tar", ["-tf", archive])).split("\n");
    await applyWhiteouts(fresh, names);
    await run("tar", ["-xpf", archive, "-C", fresh, "--numeric-owner", "--exclude", ".wh.*"]);
  }
  await rename(fresh, target);
}

export class Images {
  readonly #folder: string;
  readonly #unpacking = new Map<string, Promise<void>>();
  #table: ImageTable;

  /** `folder` keeps what is unpacked. */
  constructor(folder: string, table: ImageTable) {
    this.#folder = folder;
    this.#table = table;
  }

  add(table: ImageTable): void {
    this.#table = { ...this.#table, ...table };
  }

  async find(name: string): Promise<Image> {
    const source = findSource(this.#table, name);
    if (!source) throw new UnknownImage(name);
    return "layout" in source
      ? await this.#fromLayout(source.layout, source.reference)
      : fromCommand(source);
  }

  async #fromLayout(layout: string, reference?: string): Promise<Image> {
    const descriptor = await findManifest(layout, reference);
    const manifest = await readBlob<Manifest>(layout, descriptor);
    const { config = {} } = await readBlob<ImageConfiguration>(layout, manifest.config);
    const root = `${this.#folder}/${descriptor.digest.replace(":", "-")}`;
    // Several pods may ask for one image at a time; it is unpacked once.
    const unpacking = this.#unpacking.get(root) ?? unpack(layout, manifest, root);
    this.#unpacking.set(root, unpacking);
    await unpacking.finally(() => this.#unpacking.delete(root));
    const environment = config.Env ?? [];
    return {
      root,
      id: descriptor.digest,
      entrypoint: config.Entrypoint ?? [],
      command: config.Cmd ?? [],
      environment: environment.some((line) => line.startsWith("PATH="))
        ? environment
        : [path, ...environment],
      workingDirectory: config.WorkingDir || "/",
      user: config.User ?? "",
      stopSignal: config.StopSignal || "SIGTERM",
    };
  }
}

function fromCommand({
  command,
  environment = {},
}: Extract<ImageSource, { command: unknown }>): Image {
  return {
    root: "/",
    id: `command:${command.join(" ")}`,
    entrypoint: command,
    command: [],
    environment: [path, ...Object.entries(environment).map(([name, value]) => `${name}=${value}`)],
    workingDirectory: "/",
    user: "",
    stopSignal: "SIGTERM",
  };
}
