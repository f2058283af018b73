import { mount } from "svelte";

import App from "./App.svelte";
import "./app.css";
import { pageHere } from "./pages/pages.ts";

const target = document.getElementById("app");
if (!target) throw new Error("the page has no place for the console");
// The page's code comes while the server is asked who looks; what fails is told where the page is shown.
pageHere()?.load().catch(() => undefined);
mount(App, { target });
