/** Applications that tests run. */
package io.colla.launcher.samples;
