// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.error;

import java.util.List;

/**
 * The root of all errors that Whybox reports. The set of subclasses is closed, so a caller can tell
 * them apart. A message says what was wrong, what is allowed, what was found and what to do.
 */
public abstract sealed class WhyboxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private WhyboxException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The bytes are not an image that Whybox can read, or the image is cut off. */
  public static final class UnreadableImage extends WhyboxException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     */
    public UnreadableImage(String message) {
      super(message, null);
    }

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     * @param cause the exception behind it
     */
    public UnreadableImage(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The deadline leaves no time for a single sample. */
  public static final class DeadlineTooShort extends WhyboxException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     */
    public DeadlineTooShort(String message) {
      super(message, null);
    }
  }

  /** The image has more pixels than the limit; it was not decoded. */
  public static final class ImageTooLarge extends WhyboxException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     */
    public ImageTooLarge(String message) {
      super(message, null);
    }
  }

  /** The file is missing, is not an ONNX model, or is cut off. */
  public static final class UnreadableModel extends WhyboxException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     * @param cause the exception behind it, or null
     */
    public UnreadableModel(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The model's weights lie outside its ONNX file. */
  public static final class ExternalData extends WhyboxException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     */
    public ExternalData(String message) {
      super(message, null);
    }
  }

  /** The model uses an operator set that this version does not know. */
  public static final class UnsupportedOpset extends WhyboxException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     */
    public UnsupportedOpset(String message) {
      super(message, null);
    }
  }

  /** The model's graph contradicts itself, or Whybox cannot rewrite or read it as asked. */
  public static final class UnsupportedGraph extends WhyboxException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     */
    public UnsupportedGraph(String message) {
      super(message, null);
    }
  }

  /** No gradient flows from the target to the tensor that was asked for. */
  public static final class NotDifferentiable extends WhyboxException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     */
    public NotDifferentiable(String message) {
      super(message, null);
    }
  }

  /** The model's inputs and outputs are not those of a known YOLO detector. */
  public static final class UnknownLayout extends WhyboxException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     */
    public UnknownLayout(String message) {
      super(message, null);
    }
  }

  /** The model answered with NaN or infinity. */
  public static final class NonFiniteOutput extends WhyboxException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     */
    public NonFiniteOutput(String message) {
      super(message, null);
    }
  }

  /** There is nothing to explain: the detector found no object above the threshold. */
  public static final class NoDetection extends WhyboxException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     */
    public NoDetection(String message) {
      super(message, null);
    }
  }

  /** A target names an unknown class or lies outside the image. */
  public static final class BadTarget extends WhyboxException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     */
    public BadTarget(String message) {
      super(message, null);
    }
  }

  /** A parameter is outside its range. */
  public static final class BadArgument extends WhyboxException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     */
    public BadArgument(String message) {
      super(message, null);
    }
  }

  /** A result could not be written. No half-written file is left. */
  public static final class UnwritableOutput extends WhyboxException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     * @param cause the exception behind it, or null
     */
    public UnwritableOutput(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The inference engine failed while it ran. */
  public static final class EngineFailure extends WhyboxException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     * @param cause the exception behind it, or null
     */
    public EngineFailure(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** A native library that Whybox needs, of OpenCV or ONNX Runtime, can't be loaded. */
  public static final class MissingLibrary extends WhyboxException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     * @param cause the exception behind it
     */
    public MissingLibrary(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The device that was asked for can't be used here. */
  public static final class DeviceUnavailable extends WhyboxException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, what is allowed, what was found and what to do
     */
    public DeviceUnavailable(String message) {
      super(message, null);
    }

    /**
     * Creates the exception.
     *
     * @param summary what was wrong, in one line
     * @param missing one line per missing part: what is missing and what to do
     */
    public DeviceUnavailable(String summary, List<String> missing) {
      super(summary + "\n  " + String.join("\n  ", missing), null);
    }
  }
}
