import "./styles/main.css";
import { render } from "preact";
import { App } from "./app/App";
import { applyTheme, storedTheme } from "./app/theme";

applyTheme(storedTheme());
render(<App />, document.getElementById("app")!);
