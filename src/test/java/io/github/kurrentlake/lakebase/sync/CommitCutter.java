package io.github.kurrentlake.lakebase.sync;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A wire to a Postgres on this machine that breaks at the next COMMIT once it is told to: before
 * the server gets it, or after the server has answered, of which the client hears nothing.
 */
final class CommitCutter implements AutoCloseable {
  /** What becomes of the next COMMIT. */
  enum Cut {
    NONE,
    BEFORE,
    AFTER,
    /** After the server has answered; and nobody gets through any more. */
    AFTER_AND_FOR_GOOD
  }

  private final ServerSocket listener;
  private final int target;
  private volatile Cut cut = Cut.NONE;
  private volatile boolean isForGood;

  CommitCutter(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  void next(Cut order) {
    cut = order;
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() {
    try {
      while (true) {
        var client = listener.accept();
        if (isForGood) {
          // Anyone who waits for clients when the listener is closed may be given one yet.
          client.close();
          return;
        }
        var server = new Socket(InetAddress.getLoopbackAddress(), target);
        start(() -> toServer(client, server));
        start(() -> toClient(server, client));
      }
    } catch (IOException e) {
      closeAll(listener);
    }
  }

  private void toServer(Socket client, Socket server) {
    var buffer = new byte[1 << 16];
    try {
      for (var count = client.getInputStream().read(buffer); count > 0; ) {
        var text = new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
        if (cut == Cut.BEFORE && text.contains("COMMIT")) {
          cut = Cut.NONE;
          break;
        }
        if (cut != Cut.NONE && text.contains("COMMIT")) {
          if (cut == Cut.AFTER_AND_FOR_GOOD) {
            isForGood = true;
            listener.close();
          }
          cut = Cut.NONE;
          client.close();
        }
        server.getOutputStream().write(buffer, 0, count);
        count = client.isClosed() ? -1 : client.getInputStream().read(buffer);
      }
    } catch (IOException e) {
      closeAll(client, server);
    }
    if (!client.isClosed()) {
      closeAll(client, server);
    }
  }

  private static void toClient(Socket server, Socket client) {
    var buffer = new byte[1 << 16];
    try {
      for (var count = server.getInputStream().read(buffer); count > 0; ) {
        client.getOutputStream().write(buffer, 0, count);
        count = server.getInputStream().read(buffer);
      }
    } catch (IOException e) {
      // The client is gone; the server has answered.
      closeAll(server);
    }
    closeAll(server, client);
  }

  private static void start(Runnable work) {
    var thread = new Thread(work, "commit-cutter");
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeAll(Closeable... all) {
    for (var one : all) {
      try {
        one.close();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
