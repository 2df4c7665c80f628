package org.ternlm.server.http;

import java.time.Duration;

/// How long things may take.
///
/// @param idle a connection between two requests
/// @param receiving a request, from its first byte to its last
/// @param sending one piece of an answer, until the client has taken it
/// @param answering a request, from its arrival to the end of its answer
public record TimeLimits(Duration idle, Duration receiving, Duration sending, Duration answering) {}
