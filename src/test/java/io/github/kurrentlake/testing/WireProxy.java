package io.github.kurrentlake.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A wire between a client and a server on this machine that can be made a bad one. Faults strike
 * what the server sends, on any connection that has carried enough, as often as they were ordered;
 * short conversations come through.
 */
public final class WireProxy implements AutoCloseable {
  private enum Fault {
    CUT,
    CORRUPT,
    FREEZE
  }

  private final List<URI> targets;
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newCachedThreadPool(WireProxy::daemon);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger left = new AtomicInteger();
  private volatile Fault fault = Fault.CUT;
  private volatile long threshold;

  private WireProxy(List<URI> targets) throws IOException {
    this.targets = targets;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  public static WireProxy to(URI endpoint) {
    return between(endpoint);
  }

  /** A balancer: the first connection goes to the first server, the next one to the next. */
  public static WireProxy between(URI... endpoints) {
    try {
      return new WireProxy(List.of(endpoints));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The server's address, by way of this wire. */
  public URI endpoint() {
    return URI.create(targets.get(0).getScheme() + "://localhost:" + listener.getLocalPort());
  }

  /** Cuts connections once they have carried so many bytes to the client. */
  public void cutAfter(long bytes, int times) {
    order(Fault.CUT, bytes, times);
  }

  /** Flips the bits of one byte on connections that have carried so many bytes to the client. */
  public void corruptAfter(long bytes, int times) {
    order(Fault.CORRUPT, bytes, times);
  }

  /** Leaves connections standing, but carries nothing any more after so many bytes. */
  public void freezeAfter(long bytes, int times) {
    order(Fault.FREEZE, bytes, times);
  }

  /** How many of the ordered faults have not struck yet. */
  public int faultsLeft() {
    return left.get();
  }

  /** How many connections clients have made. */
  public int connections() {
    return connections.get();
  }

  private void order(Fault kind, long bytes, int times) {
    fault = kind;
    threshold = bytes;
    left.set(times);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        var target = targets.get(connections.getAndIncrement() % targets.size());
        open.add(client);
        threads.execute(() -> connect(client, target));
      } catch (IOException e) {
        // Closed, which ends the loop.
      }
    }
  }

  private void connect(Socket client, URI target) {
    try (client;
        var server = new Socket(InetAddress.getLoopbackAddress(), target.getPort())) {
      open.add(server);
      threads.execute(() -> carry(client, server));
      bring(server.getInputStream(), client.getOutputStream());
    } catch (IOException e) {
      // One side has gone; closing tells the other.
    } finally {
      open.remove(client);
    }
  }

  private static void carry(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One side has gone; closing tells the other.
    }
  }

  private void bring(InputStream from, OutputStream to) throws IOException {
    var buffer = new byte[16 * 1024];
    var carried = 0L;
    var length = from.read(buffer);
    while (length >= 0) {
      carried += length;
      if (carried >= threshold && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        switch (fault) {
          case CUT -> {
            return;
          }
          case CORRUPT -> buffer[length / 2] ^= (byte) 0xFF;
          case FREEZE -> {
            // Swallows the rest until the client gives up.
            from.transferTo(OutputStream.nullOutputStream());
            return;
          }
        }
      }
      to.write(buffer, 0, length);
      length = from.read(buffer);
    }
  }

  private static Thread daemon(Runnable task) {
    var thread = new Thread(task, "wire-proxy");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (var socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }
}
