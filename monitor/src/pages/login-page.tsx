import { Document } from "./layout.tsx";
import type { Html, PageContext } from "./page.ts";

export function LoginPage({
  page,
  mistake,
}: {
  readonly page: Pick<PageContext, "base" | "title">;
  readonly mistake?: string;
}): Html {
  return (
    <Document page={page} title="Log in">
      <main class="login panel">
        <h1>{page.title}</h1>
        <form method="post" action={`${page.base}/login`} class="stack">
          <label>
            Token
            <input type="password" name="token" autocomplete="current-password" required autofocus />
          </label>
          {mistake !== undefined && (
            <p class="error" role="alert">
              {mistake}
            </p>
          )}
          <button class="first" type="submit">
            Log in
          </button>
        </form>
      </main>
    </Document>
  );
}
