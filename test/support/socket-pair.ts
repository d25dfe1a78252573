/** Two ends of one real connection. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface SocketPair {
  readonly near: Socket;
  readonly far: Socket;
  close(): void;
}

export async function socketPair(): Promise<SocketPair> {
  const listener: Server = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const accepted = new Promise<Socket>((resolve) => listener.once('connection', resolve));
  const far = connect((listener.address() as { port: number }).port, '127.0.0.1');
  const near = await accepted;
  for (const socket of [near, far]) socket.on('error', () => {});
  return {
    near,
    far,
    close() {
      near.destroy();
      far.destroy();
      listener.close();
    },
  };
}
