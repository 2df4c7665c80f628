/// A program of somebody who uses Tern.
@NullMarked
package user;

import org.jspecify.annotations.NullMarked;
