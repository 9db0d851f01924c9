package io.github.kurrentlake.deploy.cluster.driver;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The file system that a path without a scheme is in: {@code /Volumes/...} and {@code
 * /Workspace/...} lie below a directory of this machine. In a volume that nobody made nothing can
 * be written. Only Hadoop's file systems see it; there, plain file access sees the same.
 */
public final class DbfsFileSystem extends RawLocalFileSystem {
  static final String ROOT = "fs.dbfs.root";
  private static final URI NAME = URI.create("dbfs:/");

  private File root;

  @Override
  public void initialize(URI uri, Configuration configuration) throws IOException {
    super.initialize(uri, configuration);
    root = new File(configuration.get(ROOT));
    setWorkingDirectory(new Path(NAME));
  }

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public File pathToFile(Path path) {
    checkPath(path);
    return new File(root, makeQualified(path).toUri().getPath());
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    var file = pathToFile(path);
    if (!file.exists()) {
      throw new FileNotFoundException("No such file: " + path);
    }
    return new FileStatus(
        file.length(),
        file.isDirectory(),
        1,
        getDefaultBlockSize(path),
        file.lastModified(),
        makeQualified(path));
  }

  @Override
  public FileStatus getFileLinkStatus(Path path) throws IOException {
    return getFileStatus(path);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    var status = getFileStatus(path);
    if (!status.isDirectory()) {
      return new FileStatus[] {status};
    }
    var names = pathToFile(path).list();
    var listed = new FileStatus[names.length];
    for (var i = 0; i < names.length; i++) {
      listed[i] = getFileStatus(new Path(path, names[i]));
    }
    return listed;
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    requireVolume(path);
    return super.mkdirs(path);
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) throws IOException {
    requireVolume(path);
    return super.mkdirs(path, permission);
  }

  private void requireVolume(Path path) throws IOException {
    var parts = makeQualified(path).toUri().getPath().split("/", 6);
    if (parts.length < 2 || !parts[1].equals("Volumes")) {
      return;
    }
    var isInVolume =
        parts.length >= 5
            && volume(root, parts[2], parts[3], parts[4]).isDirectory()
            && !parts[4].isEmpty();
    if (!isInVolume) {
      throw new AccessDeniedException(path.toString(), null, "no such volume");
    }
  }

  /** Where a volume's files lie. */
  static File volume(File root, String catalog, String schema, String name) {
    return root.toPath().resolve("Volumes").resolve(catalog).resolve(schema).resolve(name).toFile();
  }
}
