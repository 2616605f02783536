/** Starts the page: what the address says, then the core, then everything follows from the state. */

import { effect } from "@preact/signals";
import { render } from "preact";
import { loadCore } from "./engine/load.js";
import { fromFragment } from "./share/fragment.js";
import { core, failure, format, show } from "./state.js";
import "./style.css";
import { Page } from "./view/Page.js";

async function followAddress(): Promise<void> {
  const shared = await fromFragment(location.hash);
  if (shared !== undefined) show(shared);
}

async function start(): Promise<void> {
  const page = document.getElementById("page");
  if (page === null) throw new Error("index.html has no #page");
  await followAddress();
  render(<Page />, page);
  addEventListener("hashchange", () => void followAddress());
  effect(() => {
    document.documentElement.dataset["format"] = format.value;
  });
  try {
    core.value = await loadCore();
  } catch (error) {
    failure.value = error instanceof Error ? error.message : String(error);
  }
}

await start();
