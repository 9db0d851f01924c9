package io.github.kurrentlake.table;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFs;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.UnresolvedLinkException;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The files of this machine for a laptop's session. Hadoop's own file system, without its native
 * library, starts a process ({@code chmod}, {@code readlink}) for nearly every file that Delta or a
 * checkpoint writes, and warns of each link that is none; this one asks Java. The files are the
 * same.
 */
public final class LocalFiles extends LocalFileSystem {

  /** What makes Spark use it. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "spark.hadoop.fs.file.impl", LocalFiles.class.getName(),
          "spark.hadoop.fs.AbstractFileSystem.file.impl", Context.class.getName());

  /** For Hadoop, which makes it by its name. */
  public LocalFiles() {
    super(new Raw());
  }

  /** The file system without a Spark session. */
  public static FileSystem open() throws IOException {
    var files = new LocalFiles();
    files.initialize(URI.create("file:///"), new Configuration(false));
    return files;
  }

  /** The same as Hadoop's newer interface, by which commits and offsets are put in place. */
  public static final class Context extends ChecksumFs {
    /** For Hadoop, which makes it by its name. */
    public Context(URI uri, Configuration configuration) throws IOException, URISyntaxException {
      super(new RawContext(uri, configuration));
    }

    /**
     * Hadoop moves a file and then its checksum, which it refuses where one lies already. One that
     * outlived its file would make the new file unreadable.
     */
    @Override
    public void renameInternal(Path source, Path target, boolean overwrite)
        throws IOException, UnresolvedLinkException {
      var checksum = getChecksumFile(target);
      if (isThere(checksum) && !isThere(target)) {
        getMyFs().delete(checksum, false);
      }
      super.renameInternal(source, target, overwrite);
    }

    private boolean isThere(Path path) throws IOException {
      try {
        getMyFs().getFileStatus(path);
        return true;
      } catch (FileNotFoundException e) {
        return false;
      }
    }
  }

  private static final class RawContext extends DelegateToFileSystem {
    RawContext(URI uri, Configuration configuration) throws IOException, URISyntaxException {
      super(uri, new Raw(), configuration, "file", false);
    }

    @Override
    public int getUriDefaultPort() {
      return -1;
    }

    @Override
    public boolean isValidName(String name) {
      return true;
    }
  }

  private static final class Raw extends RawLocalFileSystem {
    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      if (permission.getStickyBit()) {
        super.setPermission(path, permission);
      } else {
        Files.setPosixFilePermissions(
            pathToFile(path).toPath(), PosixFilePermissions.fromString(permission.toString()));
      }
    }

    /** Neither Spark nor Delta makes links; one that a user made is followed. */
    @Override
    public FileStatus getFileLinkStatus(Path path) throws IOException {
      return getFileStatus(path);
    }
  }
}
