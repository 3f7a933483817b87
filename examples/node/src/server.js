const { createServer } = require("node:http");
const { greet } = require("greeting");

const server = createServer((request, response) => response.end(`${greet(request.url.slice(1) || "world")}\n`));
server.listen(Number(process.env.PORT ?? 8080));
