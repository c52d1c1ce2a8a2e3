// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/** The first singular vector of a layer's activations, seen as one row of channels a position. */
final class Singular {
  private Singular() {}

  /** The eigenvector of the largest eigenvalue of the channels' products; its sign is free. */
  static double[] first(float[] activations, int channels) {
    int positions = activations.length / channels;
    DMatrixRMaj products = new DMatrixRMaj(channels, channels);
    for (int a = 0; a < channels; a++) {
      for (int b = a; b < channels; b++) {
        double sum = 0;
        for (int p = 0; p < positions; p++) {
          sum += (double) activations[a * positions + p] * activations[b * positions + p];
        }
        products.set(a, b, sum);
        products.set(b, a, sum);
      }
    }
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(channels, true, true);
    eigen.decompose(products);
    int best = 0;
    for (int i = 1; i < channels; i++) {
      if (eigen.getEigenvalue(i).getReal() > eigen.getEigenvalue(best).getReal()) {
        best = i;
      }
    }
    return eigen.getEigenVector(best).getData();
  }
}
