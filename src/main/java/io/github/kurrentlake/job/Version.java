package io.github.kurrentlake.job;

import java.util.ResourceBundle;

/** The version of this build, which Maven writes beside this class. */
public final class Version {
  public static final String OF_THE_JAR =
      ResourceBundle.getBundle("io.github.kurrentlake.job.version").getString("version");

  private Version() {}
}
