/// Tests against a hub on the loopback device that misbehaves as told; none touches another network.
@NullMarked
package org.ternlm.hub;

import org.jspecify.annotations.NullMarked;
