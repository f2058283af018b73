// The page of whoever holds a link to one order, by itself: it may stand in a frame of the marketplace's site, so that
// nothing of a session is in it.
import { mount } from "svelte";

import "./app.css";
import PortalPage from "./portal/PortalPage.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("the page has no place for the order");
mount(PortalPage, { target });
