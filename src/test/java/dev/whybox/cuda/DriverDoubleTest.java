// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static org.bytedeco.cuda.global.cudart.cuDevicePrimaryCtxRelease;
import static org.bytedeco.cuda.global.cudart.cuGraphDestroy;
import static org.bytedeco.cuda.global.cudart.cuMemAlloc;
import static org.bytedeco.cuda.global.cudart.cuMemFree;
import static org.bytedeco.cuda.global.cudart.cuMemFreeHost;
import static org.bytedeco.cuda.global.cudart.cuMemHostAlloc;
import static org.bytedeco.cuda.global.cudart.cuMemcpyDtoH;
import static org.bytedeco.cuda.global.cudart.cuMemcpyDtoHAsync;
import static org.bytedeco.cuda.global.cudart.cuMemcpyHtoD;
import static org.bytedeco.cuda.global.cudart.cuMemcpyHtoDAsync;
import static org.bytedeco.cuda.global.cudart.cuMemsetD8;
import static org.bytedeco.cuda.global.cudart.cuModuleGetFunction;
import static org.bytedeco.cuda.global.cudart.cuStreamBeginCapture;
import static org.bytedeco.cuda.global.cudart.cuStreamCreate;
import static org.bytedeco.cuda.global.cudart.cuStreamDestroy;
import static org.bytedeco.cuda.global.cudart.cuStreamEndCapture;
import static org.bytedeco.cuda.global.cudart.cuStreamSynchronize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.error.Resources;
import dev.whybox.error.WhyboxException.EngineFailure;
import java.util.concurrent.CompletableFuture;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The driver double reports wrong use: a double that accepts everything would test nothing. */
@Tag("double")
class DriverDoubleTest {
  private final Resources resources = new Resources();
  private CudaDevice device;
  private KernelModule kernels;
  private CudaStream stream;

  @BeforeEach
  void open() {
    DriverDouble.require();
    device = resources.add(new CudaDevice(0));
    kernels = resources.add(new KernelModule(device, DriverDouble.kernels()));
    stream = resources.add(new CudaStream(device));
    assertEquals(3, DriverDouble.count("live"), "context, kernels, stream");
  }

  /**
   * Nothing may be left at the end. First the double forgets what the test broke, as if the GPU
   * were reset.
   */
  @AfterEach
  void close() {
    DriverDouble.reset();
    resources.close();
    assertEquals("", DriverDouble.log());
    assertEquals(0, DriverDouble.count("live"), "leaks");
  }

  private DeviceMemory memory(long bytes) {
    return resources.add(new DeviceMemory(device, bytes, "a test's memory"));
  }

  private PinnedMemory pinned(long bytes) {
    return resources.add(new PinnedMemory(device, bytes, "a test's memory"));
  }

  /** The call was refused and the log says so, in a line with these words. */
  private static void refused(int code, String... words) {
    assertNotEquals(Driver.SUCCESS, code);
    reported(words);
  }

  private static void reported(String... words) {
    String log = DriverDouble.log();
    assertEquals(1, log.lines().count(), log);
    assertEquals(1, DriverDouble.count("misuses"), log);
    for (String word : words) {
      assertTrue(log.contains(word), word + " in " + log);
    }
  }

  private static EngineFailure fails(Runnable work) {
    return Assertions.assertThrows(EngineFailure.class, work::run);
  }

  /** A launch that writes 16 bytes per sample to an address. */
  private Launch writing(long samples, Long address) {
    DeviceMemory wave;
    try (BytePointer source = new BytePointer(16)) {
      source.asByteBuffer().order(java.nio.ByteOrder.nativeOrder()).putLong(0).putLong(samples);
      wave = resources.add(DeviceMemory.of(device, source, "the wave"));
    }
    Object[] parameters = {wave, 1, 100, 7L, null, address};
    return resources.add(
        kernels.launch("coalitions", new int[] {1, 1}, new int[] {32, 1}, parameters));
  }

  // ---- memory ---------------------------------------------------------------------------------

  @Test
  void copiesFromAndToFreedMemory() {
    DeviceMemory memory = memory(64);
    long address = memory.address();
    memory.close();
    try (BytePointer host = new BytePointer(64)) {
      refused(cuMemcpyHtoD(address, host, 64), "cuMemcpyHtoD", "memory that is not there");
      DriverDouble.reset();
      refused(cuMemcpyDtoH(host, address, 64), "cuMemcpyDtoH", "memory that is not there");
      DriverDouble.reset();
      refused(cuMemsetD8(address, (byte) 0, 64), "cuMemsetD8", "memory that is not there");
    }
  }

  @Test
  void copiesPastTheEnd() {
    DeviceMemory memory = memory(64);
    try (BytePointer host = new BytePointer(65)) {
      assertEquals(Driver.SUCCESS, cuMemcpyHtoD(memory.address(), host, 64));
      assertEquals(Driver.SUCCESS, cuMemcpyHtoD(memory.address() + 63, host, 1));
      refused(cuMemcpyHtoD(memory.address(), host, 65), "65 bytes", "not there");
      DriverDouble.reset();
      refused(cuMemcpyHtoD(memory.address() + 1, host, 64), "64 bytes", "not there");
      DriverDouble.reset();
      refused(cuMemcpyDtoH(host, memory.address() - 1, 2), "2 bytes", "not there");
      DriverDouble.reset();
      refused(cuMemcpyDtoH(host, memory.address() + 64, 1), "1 bytes", "not there");
    }
  }

  @Test
  void freesTwiceOrWhatIsNotItsKind() {
    DeviceMemory memory = memory(64);
    refused(cuMemFreeHost(new At(memory.address())), "cuMemFreeHost", "not allocated");
    DriverDouble.reset();
    refused(cuMemFree(memory.address() + 16), "cuMemFree", "not allocated");
    DriverDouble.reset();
    memory.close();
    refused(cuMemFree(memory.address()), "cuMemFree", "not allocated");
  }

  private static final class At extends Pointer {
    At(long place) {
      super((Pointer) null);
      address = place;
    }
  }

  @Test
  void allocatesNothing() {
    refused(cuMemAlloc(new long[1], 0), "cuMemAlloc of 0 bytes");
  }

  @Test
  void asynchronousCopiesOfMemoryThatIsNotPinned() {
    DeviceMemory memory = memory(64);
    try (BytePointer host = new BytePointer(64)) {
      CUstream_st handle = stream.handle();
      refused(cuMemcpyHtoDAsync(memory.address(), host, 64, handle), "not from pinned");
      DriverDouble.reset();
      refused(cuMemcpyDtoHAsync(host, memory.address(), 64, handle), "not from pinned");
    }
  }

  @Test
  void replayedCopyWhoseMemoryWasFreed() {
    DeviceMemory memory = memory(64);
    PinnedMemory host = pinned(64);
    CudaGraph graph = resources.add(stream.capture(() -> stream.upload(host, memory, 64)));
    graph.replay(stream);
    stream.await();
    memory.close();
    graph.replay(stream);
    fails(stream::await);
    reported("cuMemcpyHtoDAsync", "its memory was freed");
  }

  @Test
  void kernelThatWritesPastItsBuffer() {
    Launch launch = writing(4, memory(32).address());
    launch.on(stream);
    assertEquals("", DriverDouble.log(), "no work is done before somebody waits");
    assertTrue(fails(stream::await).getMessage().contains("ILLEGAL_ADDRESS"));
    reported("coalitions wrote past a piece of memory of 32 bytes");
  }

  @Test
  void kernelThatWritesBeforeItsBuffer() {
    writing(2, memory(32).address() - 16).on(stream);
    fails(stream::await);
    reported("coalitions wrote past a piece of memory of 32 bytes");
  }

  @Test
  void kernelThatWritesToFreedMemory() {
    DeviceMemory memory = memory(64);
    Launch launch = writing(4, memory.address());
    memory.close();
    launch.on(stream);
    fails(stream::await);
    reported("coalitions wrote to freed memory");
  }

  @Test
  void hostThatWritesToFreedPinnedMemory() {
    PinnedMemory host = pinned(64);
    java.nio.ByteBuffer kept = host.buffer();
    host.close();
    assertEquals("", DriverDouble.log());
    kept.put(5, (byte) 1);
    reported("wrote to freed memory");
  }

  @Test
  void newMemoryIsNotANumberAndWorkIsNotDoneBeforeSomebodyWaits() {
    DeviceMemory memory = memory(4);
    PinnedMemory host = pinned(4);
    stream.upload(host, memory, 4);
    try (BytePointer read = new BytePointer(4)) {
      memory.read(read);
      assertTrue(Float.isNaN(read.asByteBuffer().getFloat(0)), "read too early");
      stream.await();
      memory.read(read);
      assertEquals(0, read.asByteBuffer().getFloat(0));
    }
  }

  /** Fills and copies from memory that is not pinned go to the default stream. */
  @Test
  void ownStreamsDoNotWaitForTheDefaultStream() {
    DeviceMemory memory = memory(4);
    PinnedMemory host = pinned(4);
    host.buffer().putInt(0, 7);
    try (BytePointer other = new BytePointer(4)) {
      other.asByteBuffer().order(java.nio.ByteOrder.nativeOrder()).putInt(0, 9);
      assertEquals(Driver.SUCCESS, cuMemcpyHtoD(memory.address(), other, 4));
      other.zero(); // Has been read.
      stream.upload(host, memory, 4);
      stream.await();
      memory.read(other);
      assertEquals(9, other.asByteBuffer().order(java.nio.ByteOrder.nativeOrder()).getInt(0));
      memory.clear(); // Waits.
      stream.upload(host, memory, 4);
      stream.await();
      memory.read(other);
      assertEquals(7, other.asByteBuffer().order(java.nio.ByteOrder.nativeOrder()).getInt(0));
    }
  }

  // ---- contexts and streams -------------------------------------------------------------------

  @Test
  void threadWithoutContext() {
    int code =
        CompletableFuture.supplyAsync(
                () -> cuMemAlloc(new long[1], 16),
                task -> {
                  Thread thread = new Thread(task);
                  thread.start();
                })
            .join();
    refused(code, "cuMemAlloc on a thread without a context");
  }

  @Test
  void contextThatWasGivenBack() {
    DriverDouble.set("DEVICES", 2);
    CudaDevice other = new CudaDevice(1);
    other.close();
    refused(cuMemAlloc(new long[1], 16), "after the context was given back");
    device.use();
    DriverDouble.reset();
    refused(cuDevicePrimaryCtxRelease(1), "more often than Retain");
  }

  @Test
  void streamOfAnotherContext() {
    DriverDouble.set("DEVICES", 2);
    DeviceMemory memory = memory(16);
    PinnedMemory host = pinned(16);
    Launch launch = writing(1, memory.address());
    try (CudaDevice other = new CudaDevice(1)) {
      assertEquals(1, other.number());
      CUstream_st handle = stream.handle();
      refused(cuStreamSynchronize(handle), "cuStreamSynchronize on a stream of another context");
      DriverDouble.reset();
      fails(() -> stream.upload(host, memory, 16));
      reported("cuMemcpyHtoDAsync on a stream of another context");
      DriverDouble.reset();
      fails(() -> launch.on(stream));
      reported("cuLaunchKernel on a stream of another context");
      DriverDouble.reset();
      refused(cuStreamBeginCapture(handle, 0), "cuStreamBeginCapture on a stream of another");
    }
    device.use();
  }

  @Test
  void streamThatWasDestroyed() {
    CudaStream gone = new CudaStream(device);
    Launch launch = writing(1, memory(16).address());
    gone.close();
    fails(gone::await);
    reported("cuStreamSynchronize on no stream");
    DriverDouble.reset();
    fails(() -> launch.on(gone));
    reported("cuLaunchKernel on no stream");
    DriverDouble.reset();
    refused(cuStreamDestroy(gone.handle()), "cuStreamDestroy of nothing, or twice");
  }

  @Test
  void functionOfNoModule() {
    refused(
        cuModuleGetFunction(new CUfunc_st(), new CUmod_st(), "coalitions"),
        "cuModuleGetFunction of no module");
  }

  // ---- recording ------------------------------------------------------------------------------

  @Test
  void whatMayNotBeDoneWhileAStreamRecords() {
    DeviceMemory memory = memory(16);
    PinnedMemory host = pinned(16);
    try (BytePointer bytes = new BytePointer(16)) {
      recording(() -> cuMemAlloc(new long[1], 16), "cuMemAlloc");
      recording(() -> cuMemFree(memory.address()), "cuMemFree");
      recording(() -> cuMemHostAlloc(new At(0), 16, 0), "cuMemHostAlloc");
      recording(() -> cuStreamSynchronize(stream.handle()), "cuStreamSynchronize");
      recording(() -> cuMemcpyHtoD(memory.address(), bytes, 16), "cuMemcpyHtoD");
      recording(() -> cuMemcpyDtoH(bytes, memory.address(), 16), "cuMemcpyDtoH");
      recording(() -> cuMemsetD8(memory.address(), (byte) 0, 16), "cuMemsetD8");
      recording(() -> cuStreamCreate(new CUstream_st(), 0), "cuStreamCreate");
    }
    assertEquals(16, host.buffer().capacity());
  }

  /** The call is refused, and so is the recording. */
  private void recording(java.util.function.IntSupplier call, String name) {
    DriverDouble.reset();
    int[] code = new int[1];
    EngineFailure failure = fails(() -> stream.capture(() -> code[0] = call.getAsInt()));
    assertTrue(failure.getMessage().contains("CAPTURE_INVALIDATED"), failure.getMessage());
    refused(code[0], name + " while a stream records");
    stream.await(); // The stream is as before.
  }

  @Test
  void recordingThatBeginsTwiceOrEndsElsewhere() {
    CUstream_st handle = stream.handle();
    CUgraph_st graph = new CUgraph_st();
    refused(cuStreamEndCapture(handle, graph), "without its begin");
    DriverDouble.reset();
    assertEquals(Driver.SUCCESS, cuStreamBeginCapture(handle, 0));
    refused(cuStreamBeginCapture(handle, 0), "cuStreamBeginCapture twice");
    DriverDouble.reset();
    int code =
        CompletableFuture.supplyAsync(
                () -> {
                  device.use();
                  return cuStreamEndCapture(handle, graph);
                })
            .join();
    refused(code, "without its begin on this thread");
    DriverDouble.reset();
    assertEquals(Driver.SUCCESS, cuStreamEndCapture(handle, graph));
    assertEquals(Driver.SUCCESS, cuGraphDestroy(graph));
    refused(cuGraphDestroy(graph), "cuGraphDestroy of nothing, or twice");
  }

  @Test
  void streamDestroyedWhileItRecords() {
    CUstream_st handle = new CUstream_st();
    assertEquals(Driver.SUCCESS, cuStreamCreate(handle, 0));
    assertEquals(Driver.SUCCESS, cuStreamBeginCapture(handle, 0));
    cuStreamDestroy(handle);
    reported("cuStreamDestroy of a stream that records");
  }

  // ---- launches -------------------------------------------------------------------------------

  @Test
  void launchesThatAreNotTheKernels() {
    fails(() -> kernels.launch("no_such_kernel", new int[] {1, 1}, new int[] {1, 1}));
    reported("no kernel is called no_such_kernel");
    DriverDouble.reset();
    try (Launch launch =
        kernels.launch("coalitions", new int[] {1, 1}, new int[] {32, 1}, 1L, 2, 3)) {
      fails(() -> launch.on(stream));
      reported("coalitions: 3 parameters instead of 6");
    }
  }

  @Test
  void failedWorkStaysFailed() {
    writing(4, memory(32).address()).on(stream);
    fails(stream::await);
    assertTrue(fails(() -> memory(16)).getMessage().contains("ILLEGAL_ADDRESS"));
  }

  // ---- leaks ----------------------------------------------------------------------------------

  @Test
  void countsWhatIsNotFreed() {
    long before = DriverDouble.count("live");
    AutoCloseable[] things = {
      new DeviceMemory(device, 16, "left"),
      new PinnedMemory(device, 16, "left"),
      new CudaStream(device),
      new KernelModule(device, DriverDouble.kernels()),
      stream.capture(() -> {}),
      new CudaDevice(0)
    };
    long left = before + things.length;
    assertEquals(left, DriverDouble.count("live"));
    for (AutoCloseable thing : things) {
      close(thing);
      assertEquals(--left, DriverDouble.count("live"), thing.getClass().getSimpleName());
    }
  }

  private static void close(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
