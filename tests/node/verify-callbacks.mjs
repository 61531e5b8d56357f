// Reads [{secret, headers, body}] from standard input, body in base64, and answers [null | "what is wrong"].
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const answers = JSON.parse(readFileSync(0, "utf8")).map(({ secret, headers, body }) => {
  try {
    new Webhook(secret).verify(Buffer.from(body, "base64").toString("utf8"), headers);
    return null;
  } catch (error) {
    return error.message;
  }
});
process.stdout.write(JSON.stringify(answers));
