// Where the login is kept: in a cookie of the server's that no script can read, so that nothing which
// gets into the page takes it away. It logs in by itself when a socket opens (see docs/ws.md).

const ADDRESS = "/api/v1/session";

/** Has the server keep this token for us. False: it could not be asked, or does not want to. */
export async function keepLogin(token: string): Promise<boolean> {
  return ask("POST", { authorization: `Bearer ${token}` });
}

/** Ends the login in the cookie, if there is one, and takes the cookie away. */
export async function endLogin(): Promise<boolean> {
  return ask("DELETE", {});
}

async function ask(method: string, headers: Record<string, string>): Promise<boolean> {
  try {
    return (await fetch(ADDRESS, { method, headers, cache: "no-store" })).ok;
  } catch {
    return false;
  }
}
