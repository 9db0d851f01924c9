package io.github.kurrentlake.deploy.cluster.driver;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Enumeration;

/**
 * The class loader of the jar that is installed on a cluster. As there, the cluster's classes come
 * first; what a cluster does not have is not found from here.
 */
final class Library extends URLClassLoader {
  static {
    registerAsParallelCapable();
  }

  private Library(URL jar, ClassLoader cluster) {
    super(new URL[] {jar}, cluster);
  }

  static Library of(Path jar) {
    try {
      return new Library(jar.toUri().toURL(), Library.class.getClassLoader());
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (ClusterContents.LACKS.stream().anyMatch(name::startsWith)) {
      throw new ClassNotFoundException(name + ", which a cluster does not have");
    }
    return super.loadClass(name, resolve);
  }

  /**
   * The class loader of a task's threads: Spark looks up the sources of the jar there, and what it
   * generates names Delta's classes, which Spark may see.
   */
  ClassLoader ofThreads() {
    return new OfThreads(this);
  }

  private static final class OfThreads extends ClassLoader {
    private final Library library;

    private OfThreads(Library library) {
      super(library.getParent());
      this.library = library;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      return library.loadClass(name);
    }

    @Override
    protected URL findResource(String name) {
      return library.findResource(name);
    }

    @Override
    protected Enumeration<URL> findResources(String name) throws IOException {
      return library.findResources(name);
    }
  }
}
