// The login page: for who opens the lab without the link that holds the token.
import { redirect } from "../http/reply.ts";
import type { Reply } from "../http/reply.ts";
import { readBody } from "../http/read-body.ts";
import type { Exchange, Route } from "../http/router.ts";
import { escapeHtml, smallPage } from "../pages/small-page.ts";
import { checkSameOrigin } from "./guard.ts";
import type { Guard } from "./guard.ts";

const LARGEST_FORM = 4_096;
const FIRST_PAGE = "/lab";

/** The routes of `/login`. */
export function loginRoutes(guard: Guard): readonly Route[] {
  return [
    {
      method: "GET",
      pattern: "/login",
      audience: "public",
      handle: ({ url, identity }) => {
        const next = safeAddress(url.searchParams.get("next"));
        return identity === "cookie" ? redirect(next) : loginPage(200, next);
      },
    },
    {
      method: "POST",
      pattern: "/login",
      audience: "public",
      handle: (exchange) => logIn(guard, exchange),
    },
  ];
}

async function logIn(guard: Guard, { request, url }: Exchange): Promise<Reply> {
  checkSameOrigin(request);
  const form = new URLSearchParams((await readBody(request, LARGEST_FORM)).toString("utf8"));
  const next = safeAddress(url.searchParams.get("next"));
  // A whole link pasted into the field is as good as the token in it.
  const given = (form.get("token") ?? "").trim().replace(/^.*[?&]token=/, "");
  if (guard.isToken(given)) return redirect(next, { "Set-Cookie": [guard.loginCookie()] });
  return loginPage(401, next, "That is not the token of this server.");
}

function loginPage(status: number, next: string, problem = ""): Reply {
  const action = escapeHtml(`/login?next=${encodeURIComponent(next)}`);
  const note = problem === "" ? "" : `<p class="problem" role="alert">${escapeHtml(problem)}</p>`;
  return smallPage(
    status,
    "Open the lab",
    `<p>The lab is private. Open the link that the start command printed on the terminal, or enter its token:</p>
${note}<form method="post" action="${action}">
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button type="submit">Open</button>
</form>`,
  );
}

/** An address of this server, never one that leads a browser elsewhere. */
function safeAddress(next: string | null): string {
  const isLocal = next !== null && /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(next);
  return isLocal && !next.startsWith("/login") ? next : FIRST_PAGE;
}
