// SPDX-License-Identifier: Apache-2.0
// Where an output row or column lies in the input: above / below, in whole numbers, so that no rounding can take a
// coordinate to the other side of a switch. Coordinates before the first element are taken to it.
ivec2 resize_place(int i, int size, int out_size, int coordinates)
{
    if (coordinates == 0) // half_pixel
        return ivec2(max((2 * i + 1) * size - out_size, 0), 2 * out_size);
    if (coordinates == 1) // align_corners
        return out_size > 1 ? ivec2(i * (size - 1), out_size - 1) : ivec2(0, 1);
    return ivec2(i * size, out_size); // asymmetric
}
