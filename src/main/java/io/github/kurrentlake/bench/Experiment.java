package io.github.kurrentlake.bench;

import java.util.List;

/** Something that the benchmark measures, in a row of the report or in several. */
interface Experiment {
  /** The names of its rows, whether they are asked for or not. */
  List<String> rows();

  /** Measures those of its rows that are asked for. */
  void run();
}
