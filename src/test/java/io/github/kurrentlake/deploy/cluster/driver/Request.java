package io.github.kurrentlake.deploy.cluster.driver;

import java.util.List;

/**
 * What a driver is to do.
 *
 * @param mainClass the task's; empty when somebody else optimizes and vacuums all tables
 */
public record Request(String task, String mainClass, List<String> arguments, Principal principal) {}
