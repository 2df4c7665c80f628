package org.ternlm.server.http;

import java.time.Duration;

/// A request that was answered, for logs and measurements.
///
/// @param id its id
/// @param method its method
/// @param path its path, as it was sent
/// @param route the path of the route that answered, or `other`
/// @param status of the answer; 499 if the client went away
/// @param tokens that were generated
/// @param time from arrival to the end of the answer
public record Access(String id, String method, String path, String route, int status, long tokens, Duration time) {}
