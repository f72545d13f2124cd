package io.colla.examples.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.colla.examples.WrongResultException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/** Each kernel against its definition, on shapes that are no multiple of the tile or of the unrolled loop. */
class BlockTest {
    private static final double ERROR = 1e-12;

    @Test
    void addProductAddsToWhatIsThere() {
        Block a = Block.random(5, 71, 1);
        Block b = Block.random(71, 7, 2);
        Block c = Block.random(5, 7, 3);
        Block before = Block.random(5, 7, 3);

        Block.addProduct(a, b, c);

        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 7; j++) {
                double expected = before.get(i, j);
                for (int k = 0; k < 71; k++) {
                    expected += a.get(i, k) * b.get(k, j);
                }
                assertThat(c.get(i, j)).isEqualTo(expected, within(ERROR));
            }
        }
    }

    @Test
    void subtractProductTransposed() {
        Block a = Block.random(5, 9, 1);
        Block b = Block.random(7, 9, 2);
        Block c = Block.random(5, 7, 3);
        Block before = Block.random(5, 7, 3);

        Block.subtractProductTransposed(a, b, c);

        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 7; j++) {
                double expected = before.get(i, j);
                for (int k = 0; k < 9; k++) {
                    expected -= a.get(i, k) * b.get(j, k);
                }
                assertThat(c.get(i, j)).isEqualTo(expected, within(ERROR));
            }
        }
    }

    @Test
    void theFactorTimesItselfTransposedIsTheBlock() {
        Block a = Block.symmetric(13, 13, 1);
        Block l = Block.symmetric(13, 13, 1);

        Block.factor(l);

        assertThat(l.get(3, 4)).isZero();
        Block.subtractProductTransposed(l, l, a);
        assertThat(a.values).containsExactly(new double[a.values.length], within(ERROR));
    }

    @Test
    void solvingUndoesTheProduct() {
        Block l = Block.symmetric(9, 9, 1);
        Block.factor(l);
        Block b = Block.random(4, 9, 2);
        Block x = Block.random(4, 9, 2);

        Block.solve(l, x);

        Block.subtractProductTransposed(x, l, b);
        assertThat(b.values).containsExactly(new double[b.values.length], within(ERROR));
    }

    @Test
    void aBlockThatIsNotPositiveDefiniteIsAnError() {
        assertThatThrownBy(() -> Block.factor(Block.symmetric(4, -9, 1)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("not positive definite");
    }

    @Test
    void blocksThatDoNotFitAreAnError() {
        assertThatThrownBy(() -> Block.addProduct(new Block(2, 3), new Block(2, 3), new Block(2, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2x3 2x3 2x3");
    }

    @Test
    void theResidualSeesOneWrongElement() throws WrongResultException {
        Grid grid = new Grid(50, 20);
        Matrix a = Matrix.of(grid, (i, j) -> Block.random(grid.extent(i), grid.extent(j), 10L * i + j));
        Matrix b = Matrix.of(grid, (i, j) -> Block.random(grid.extent(i), grid.extent(j), 100 + 10L * i + j));
        Matrix c = a.times(b);
        PrintStream out = new PrintStream(new ByteArrayOutputStream());

        Residual.check("residual", Residual.ofProduct(a, b, c), out);
        c.set(49, 0, c.get(49, 0) + 1e-9);

        assertThatThrownBy(() -> Residual.check("residual", Residual.ofProduct(a, b, c), out))
                .isInstanceOf(WrongResultException.class);
        c.set(49, 0, Double.NaN);
        assertThatThrownBy(() -> Residual.check("residual", Residual.ofProduct(a, b, c), out))
                .isInstanceOf(WrongResultException.class);
    }
}
