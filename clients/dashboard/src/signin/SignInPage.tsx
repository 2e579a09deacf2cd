import { useRef, useState } from "preact/hooks";
import { session } from "../api/session";
import { here } from "../app/router";
import { useAction } from "../app/useAction";
import { Brand } from "../ui/Brand";
import { Field } from "../ui/Field";
import { Icon } from "../ui/icons";
import { ErrorNote } from "../ui/parts";
import { identify } from "./signIn";

export function SignInPage() {
  const [key, setKey] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const signIn = useAction(async (text: string) => session.begin(await identify(text)));
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!(await signIn.run(key.trim()))) input.current?.select();
  };
  return (
    <main class="sign-in">
      <form class="card stack" onSubmit={submit}>
        <div class="brand large">
          <Brand size={32} />
        </div>
        <h1 class="visually-hidden">Sign in</h1>
        {session.farewell && (
          <div class="note warn" role="status">
            <Icon name="key" />
            <p>{session.farewell}</p>
          </div>
        )}
        <Field label="Key" hint="A tenant's key (tr_…), a token, or the operator's key. It stays in this tab and is gone with it.">
          <input
            ref={input}
            type="password"
            name="key"
            required
            autofocus
            autocomplete="off"
            spellcheck={false}
            value={key}
            onInput={(event) => setKey(event.currentTarget.value)}
          />
        </Field>
        <ErrorNote error={signIn.error} />
        <button class="primary" disabled={signIn.busy || key.trim() === ""}>
          {signIn.busy ? "Signing in…" : "Sign in"}
        </button>
        <p class="muted small">
          After <code>taskres up</code> the operator's key is in <code>admin-key</code> in its data folder.
          {here().path !== "/" && " You then go on to the page you asked for."}
        </p>
      </form>
    </main>
  );
}
