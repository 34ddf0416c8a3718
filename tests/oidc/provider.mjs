// A certified OpenID Provider, as a region's sign-in: everybody who writes an address is let in.
import { once } from "node:events";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [redirectUri, clientSecret] = process.argv.slice(2);
const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;

const client = (id, method) => ({
  client_id: id,
  ...(method === "none" ? {} : { client_secret: clientSecret }),
  token_endpoint_auth_method: method,
  grant_types: ["authorization_code"],
  response_types: ["code"],
  redirect_uris: [redirectUri],
});

const provider = new Provider(issuer, {
  clients: [
    client("basic", "client_secret_basic"),
    client("public", "none"),
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  cookies: { keys: ["only for a test"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id, email_verified: !id.startsWith("obekraftad+") }),
  }),
});
server.on("request", provider.callback());
console.log(issuer);
