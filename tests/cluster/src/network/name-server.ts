// Answers the pods' questions for names of the cluster, over UDP. Other names do not exist here: a test has no outside.

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import {
  decode,
  encode,
  AUTHORITATIVE_ANSWER,
  type Answer,
  type Packet,
  type Question,
} from "dns-packet";
import { lookUp, type NameSource } from "./names.ts";

const port = 53;
const timeToLiveSeconds = 5;
const nonExistentDomain = 3;

function answersTo(question: Question, source: NameSource): { answers: Answer[]; exists: boolean } {
  const found = lookUp(question.name, source);
  const common = { name: question.name, ttl: timeToLiveSeconds };
  switch (found.kind) {
    case "addresses": {
      const isAsked = question.type === "A";
      const answers = isAsked
        ? found.addresses.map((data) => ({ ...common, type: "A" as const, data }))
        : [];
      return { answers, exists: true };
    }
    case "alias":
      return { answers: [{ ...common, type: "CNAME", data: found.name }], exists: true };
    case "unknown":
      return { answers: [], exists: false };
  }
}

export function answer(message: Buffer, source: NameSource): Buffer | undefined {
  let query: Packet;
  try {
    query = decode(message);
  } catch {
    return undefined; // Not DNS: nobody is owed an answer.
  }
  const questions = query.questions ?? [];
  const [question] = questions;
  if (question === undefined || questions.length !== 1) return undefined;
  const { answers, exists } = answersTo(question, source);
  return encode({
    type: "response",
    id: query.id ?? 0,
    // The low four bits are the code of the answer (RFC 1035 section 4.1.1).
    flags: AUTHORITATIVE_ANSWER | (exists ? 0 : nonExistentDomain),
    questions,
    answers,
  });
}

export async function serveNames(address: string, source: NameSource): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.on("message", (message, { address: client, port: clientPort }) => {
    const reply = answer(message, source);
    if (reply) socket.send(reply, clientPort, client);
  });
  socket.bind(port, address);
  await once(socket, "listening");
  return socket;
}
